// The harness hears what goes wrong behind a page: each of these mistakes
// would fail any other test.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { complaints } from './harness.mjs';
import { folder } from './site.mjs';

const MISTAKES = [
  ['an inline script', '<script>1</script>', /says error: .*Content Security Policy/],
  ['an inline style', '<p style="color: red">red</p>', /says error: .*Content Security Policy/],
  ['a missing picture', '<img src="none.png" alt="none">', /^404: .*none\.png/],
  ['another host', '<img src="https://elsewhere.invalid/a.png" alt="">', /^asks another host: /],
  ['a message', '<script src="speak.js"></script>', /^says debug: spoken/],
  ['an exception', '<script src="throw.js"></script>', /^throws: Error: thrown/],
];

mkdirSync(folder('mistakes'), { recursive: true });
writeFileSync(join(folder('mistakes'), 'speak.js'), 'console.debug("spoken");');
writeFileSync(join(folder('mistakes'), 'throw.js'), 'throw new Error("thrown");');

for (const [index, [name, html, expected]] of MISTAKES.entries()) {
  test(`${name} is a complaint`, { timeout: 60_000 }, async () => {
    const page = `<!DOCTYPE html><html lang="en"><title>${name}</title>${html}`;
    writeFileSync(join(folder('mistakes'), `${index}.html`), page);
    const heard = await complaints((open) => open(`${index}.html`, { site: 'mistakes' }));
    assert.ok(heard.some((complaint) => expected.test(complaint)), heard.join('\n'));
  });
}
