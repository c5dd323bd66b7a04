normbook.previews({
"about/":{"title":"About","facts":["Page"],"text":"English."},
"ar/":{"title":"مقدمة","facts":["Page"],"text":"بالعربية: الثقة.","lang":"ar"},
"ar/norms/set/a/":{"title":"القاعدة","facts":["Norm","Proposed"],"text":"بالعربية.","lang":"ar"},
"ar/themes/trust/":{"title":"الثقة","facts":["Theme","2 norms"],"text":"نطاق الثقة.","lang":"ar"},
"forums/council/":{"title":"Council","facts":["Forum","C","1 norm"],"text":"Where they meet."},
"norms/set/a/":{"label":"1","title":"Original norm","facts":["Norm","Proposed"],"text":"In English."},
"norms/set/b/":{"label":"2","title":"Without a translation","facts":["Norm","Proposed"],"text":"“See the other one.”"},
"sources/law/":{"label":"L/1","title":"The law","facts":["Source"]},
"themes/trust/":{"title":"Trust","facts":["Theme","2 norms"],"text":"About trust."},
"zh-Hant/about/":{"title":"關於","facts":["Page"],"text":"中文。見 規範 和 原文。","lang":"zh-Hant"},
"zh-Hant/norms/set/a/":{"title":"規範","facts":["Norm","Proposed"],"text":"“(a) 規範的文字。”","lang":"zh-Hant"},
"zh-Hant/sources/law/":{"title":"法律","facts":["Source"],"lang":"zh-Hant"}
});
