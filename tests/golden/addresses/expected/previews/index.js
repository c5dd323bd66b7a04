normbook.previews({}, 1);
