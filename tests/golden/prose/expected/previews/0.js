normbook.previews({
"all/":{"title":"All of Markdown","facts":["Page"],"text":"With <angle> brackets & more."},
"all/#own":{"title":"“A heading of level 6”","text":"Who What The markers M.1, (a) [R/1, p. 3; R/1] own heading Term Its definition, with [R/1]. Another one. <script>alert(\"shown as text\")</script> Inline <b onclick=\"x\">HTML</b> too. A list in a list [ ] and more The data and the same page's top. [[left alone]] left = \"[[alone]]\" A quotation that is no norm."},
"norms/markers/":{"label":"M.1","title":"Markers in lines","facts":["Norm","Proposed"],"text":"“The chapeau of the paragraph:”"},
"norms/markers/#a":{"title":"(a)","text":"(a) the first line;"},
"norms/markers/#c":{"title":"(c)","text":"(c) a marker in bold."},
"norms/treaty/":{"title":"A long text","facts":["Norm","Proposed"],"text":"“States that cooperate shall:”"},
"norms/treaty/#1":{"title":"1.","text":"States that cooperate shall:"},
"norms/treaty/#2":{"title":"2.","text":"Nothing in this article binds States & others < or > to act."},
"norms/treaty/#p2":{"title":"para. 2","text":"Parties recall that:"},
"norms/treaty/#up":{"title":"note on “up”","text":"More than before."},
"sources/report/":{"label":"R/1","title":"The report","facts":["Source"]}
});
