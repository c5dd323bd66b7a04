// A printed page is a clean sheet: the words, where they come from, the notes
// with their numbers, the addresses of the paragraphs, and no navigation.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { check, visit } from './harness.mjs';
import { onePageOfEachKind } from './site.mjs';

/** The text of a page as printed, one string a sheet. */
async function sheets(page, format) {
  const pdf = await page.pdf({ format });
  const child = promisify(execFile)('pdftotext', ['-layout', '-', '-'], { maxBuffer: 1 << 26 });
  child.child.stdin.end(pdf);
  const { stdout } = await child;
  return stdout.split('\f').slice(0, -1);
}

check('a norm is printed with its source, its notes and its address', async (open) => {
  const page = await open('norms/first/one/', { site: 'one-of-each' });
  for (const format of ['A4', 'Letter']) {
    const text = (await sheets(page, format)).join('\n').replace(/\s+/g, ' ');
    assert.match(text, /From A\/1\/2, para\. 1\(a\): Report of the Committee, 22 July 2015/, format);
    assert.match(text, /States should do one thing 1/, 'the phrase with the number of its note');
    assert.match(text, /1 “one thing” Practice · August 2022 Which thing, the word says/, 'the note');
    assert.match(text, /#p1/, 'the address of the paragraph');
    assert.match(text, /Cite this page/);
    assert.doesNotMatch(text, /Skip to the content|Previous:|On this page/);
  }
});

check('every kind of page can be printed', async (open) => {
  await visit(open, onePageOfEachKind('one-of-each').values(), { site: 'one-of-each' }, async (page, path) => {
    const title = await page.locator('h1').innerText();
    const printed = await sheets(page, 'A4');
    assert.ok(printed.length > 0, path);
    const words = (text) => text.replace(/\s+/g, '');
    assert.ok(words(printed[0]).includes(words(title)), `${path}: ${title} is not on the first sheet`);
    assert.ok(!printed.join().includes('Skip to the content'), path);
  });
});
