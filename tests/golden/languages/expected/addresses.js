globalThis.normbookAddresses = [
["norms/set/a/","Original norm"],
["ar/norms/set/a/","القاعدة"],
["zh-Hant/norms/set/a/","規範"],
["norms/set/b/","Without a translation"],
["themes/trust/","Trust"],
["ar/themes/trust/","الثقة"],
["forums/council/","Council"],
["sources/law/","The law"],
["zh-Hant/sources/law/","法律"],
["about/","About"],
["zh-Hant/about/","關於"],
["","Introduction"],
["ar/","مقدمة"],
["sets/set/","set"]
];
