normbook.previews({
"actors/v1.0/":{"title":"An actor with a dot in its id","facts":["Actor"]},
"norms/a/b/c/deep/":{"label":"1","title":"A deep norm","facts":["Norm","Proposed","2020"],"text":"“(a) Deep words.”"},
"norms/a/b/c/deep/#a":{"title":"(a)","text":"(a) Deep words."},
"norms/a/b/moved/":{"title":"An entry with an id of its own","facts":["Norm","Proposed","3 February 2021"],"text":"“Moved words.”"},
"norms/a/b/moved/#p1":{"title":"para. 1","text":"Moved words."},
"norms/沙箱/größe/":{"title":"Größe & Maß","facts":["Norm","Proposed","31 December 2019"],"text":"Not < ASCII."},
"norms/沙箱/größe/#見出し":{"title":"“見出し”","text":"Up and 1, (a)."},
"one/":{"title":"A page","facts":["Page"],"text":"A page below a page, a file."},
"one/two/":{"title":"A page below a page","facts":["Page"],"text":"Home"},
"statements/2024/x/":{"title":"A statement with a date","facts":["Statement","An actor with a dot in its id","29 February 2024"]},
"themes/規範/":{"title":"規範","facts":["Theme","3 norms"],"text":"テーマ。1"},
"zh/norms/a/b/c/deep/":{"title":"深","facts":["Norm","Proposed","2020"],"text":"“(a) 深。”","lang":"zh"},
"zh/norms/a/b/c/deep/#a":{"title":"(a)","text":"(a) 深。"}
});
