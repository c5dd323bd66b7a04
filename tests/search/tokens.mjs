// Holds the script's tokens against those of the program:
// node tokens.mjs SITE CASES, where CASES is a JSON list of texts, each with
// the tokens that the program finds: [text, [[token, form, place], ...]].
// Also that none of them is overlooked in its text.

import { readFileSync } from 'node:fs';
import { searcher } from './searcher.mjs';

const [site, cases] = process.argv.slice(2);
const { tokens, mayHold } = searcher(site);
let wrong = 0;
let compared = 0;
for (const [text, expected] of JSON.parse(readFileSync(cases, 'utf8'))) {
  const found = JSON.stringify(await tokens(text));
  compared += expected.length;
  if (found !== JSON.stringify(expected) && wrong++ < 10) {
    console.log(`${JSON.stringify(text)}\n  program: ${JSON.stringify(expected)}\n  script:  ${found}`);
  }
  // A text is only cut into words when it may hold one of the question; some
  // of them show it.
  for (const [token] of expected.filter((_, at) => at % 4 === 0)) {
    if (!await mayHold(token, text) && wrong++ < 10) console.log(`${JSON.stringify(text)} is said not to hold ${token}`);
  }
}
console.log(`${compared} tokens compared, ${wrong} texts differ`);
process.exitCode = wrong || !compared ? 1 : 0;
