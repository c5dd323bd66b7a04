globalThis.normbookAddresses = [
["norms/markers/","Markers in lines"],
["norms/treaty/","A long text"],
["sources/report/","The report"],
["all/","All of Markdown"]
];
