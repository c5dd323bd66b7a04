// Every page says its language and its direction, and what is set in another
// language says so too.

import assert from 'node:assert/strict';
import { check } from './harness.mjs';

const LANGUAGES = [
  ['norms/set/a/', 'en', 'ltr'],
  ['ar/norms/set/a/', 'ar', 'rtl'],
  ['ar/', 'ar', 'rtl'],
  ['zh-Hant/norms/set/a/', 'zh-Hant', 'ltr'],
];

for (const [path, language, direction] of LANGUAGES) {
  check(`languages: ${path} is set in ${language}, ${direction}`, async (open) => {
    const page = await open(path, { site: 'languages' });
    const found = await page.evaluate(() => {
      const { lang, dir } = document.documentElement;
      return { lang, dir, main: getComputedStyle(document.querySelector('main')).direction };
    });
    assert.deepEqual(found, { lang: language, dir: direction, main: direction });
  });
}

check('languages: links lead from one translation to the next and say its language', async (open) => {
  const page = await open('norms/set/a/', { site: 'languages' });
  const link = page.locator('.translations a[lang="ar"]').first();
  assert.equal(await link.getAttribute('hreflang'), 'ar');
  await link.click();
  await page.waitForURL(/\/ar\/norms\/set\/a\//);
  await page.locator('.translations a[lang="en"]').first().click();
  await page.waitForURL(/languages\/norms\/set\/a\//);
});

check('languages: an Arabic page is mirrored', async (open) => {
  const page = await open('ar/norms/set/a/', { site: 'languages' });
  const [title, body] = await page.evaluate(() =>
    ['.site-title a', 'body'].map((name) => document.querySelector(name).getBoundingClientRect().toJSON()));
  assert.ok(title.right > body.right - 200, 'the title of the site stands at the right');
});
