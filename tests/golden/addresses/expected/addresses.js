globalThis.normbookAddresses = [
["norms/a/b/c/deep/","A deep norm"],
["zh/norms/a/b/c/deep/","深"],
["norms/a/b/moved/","An entry with an id of its own"],
["norms/%E6%B2%99%E7%AE%B1/gr%C3%B6%C3%9Fe/","Größe & Maß"],
["themes/%E8%A6%8F%E7%AF%84/","規範"],
["actors/v1.0/","An actor with a dot in its id"],
["statements/2024/x/","A statement with a date"],
["","Home"],
["one/","A page"],
["one/two/","A page below a page"],
["sets/a/b/","a/b"],
["sets/a/b/c/","a/b/c"],
["sets/%E6%B2%99%E7%AE%B1/","沙箱"]
];
