// The Nu HTML checker finds nothing to say against any page of any handbook.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import vnu from 'vnu-jar';
import { none } from './harness.mjs';
import { folder } from './site.mjs';

const SITES = ['handbook', 'one-of-each', 'prose', 'languages', 'notes'];

/** What the checker says about all pages, in one call since Java starts slowly. */
async function messages(folders) {
  const command = ['-jar', String(vnu), '--format', 'json', '--exit-zero-always', '--skip-non-html'];
  const { stderr } = await promisify(execFile)('java', [...command, ...folders], { maxBuffer: 1 << 26 });
  return JSON.parse(stderr).messages;
}

/**
 * Whether it is a mistake. Not that `<br />` could be `<br>`; nor a policy's
 * 'self', which the checker does not know of files, nor data in a script
 * element, which no policy is about (HTML, "prepare the script element").
 */
function isMistake({ message, extract }) {
  if (message.startsWith('Trailing slash on void elements')) return false;
  if (message.startsWith('Resource violates Content Security Policy')) return false;
  return !(message.startsWith('Inline script violates') && extract.includes('"application/ld+json"'));
}

// A page with a mistake stands beside the others, or silence would prove nothing.
mkdirSync(folder('invalid'), { recursive: true });
const PAGE = '<!DOCTYPE html><html lang="en"><title>x</title><ul><p>no item</p></ul>';
writeFileSync(join(folder('invalid'), 'page.html'), PAGE);

test('every page is valid HTML', { timeout: 300_000 }, async () => {
  const wrong = (await messages([...SITES, 'invalid'].map(folder))).filter(isMistake);
  const lines = wrong.map(({ url, lastLine, message, extract }) =>
    `${relative(folder(''), fileURLToPath(url))}:${lastLine}: ${message} ${JSON.stringify(extract)}`);
  const [heard, others] = [true, false].map((wanted) =>
    lines.filter((line) => line.startsWith('invalid/') === wanted));
  assert.match(heard.join('\n'), /“p” not allowed as child of element “ul”/);
  none(others);
});
