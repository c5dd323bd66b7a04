// Citations: the text and the formats can be read without scripts, buttons
// copy what they say, and the page prints.

import assert from 'node:assert/strict';
import { check } from './harness.mjs';

const NORM = 'norms/un-gge-2015/13d/index.html';

const clipboard = async (page) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  return () => page.evaluate(() => navigator.clipboard.readText());
};

check('the formats of a citation are there without scripts', async (open) => {
  const page = await open(NORM, { javascript: false });
  await page.locator('.formats summary').click();
  assert.match(await page.locator('pre[data-file$=".bib"]').innerText(), /^@misc\{un-gge-2015-13d,/);
  assert.match(await page.locator('pre[data-file$=".ris"]').innerText(), /^TY {2}- ELEC\n/);
  const csl = JSON.parse(await page.locator('pre[data-file$=".json"]').innerText());
  assert.equal(csl[0].title, '13(d) Cooperate against criminal and terrorist use of ICTs');
  assert.equal(await page.locator('main button').count(), 0, 'no button that needs a script');
});

check('buttons copy the citation, the link and the formats', async (open) => {
  const page = await open(NORM);
  const copied = await clipboard(page);
  await page.getByRole('button', { name: 'Copy citation' }).click();
  await page.getByText('Citation copied').waitFor({ state: 'attached' });
  assert.match(await copied(), /^13\(d\), “Cooperate against .*”, in: Norms of State behaviour/);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await page.getByText('Link copied').waitFor({ state: 'attached' });
  assert.match(await copied(), /^http.*\/norms\/un-gge-2015\/13d\/index\.html$/);
  await page.locator('.formats summary').click();
  await page.getByRole('button', { name: 'Copy BibTeX' }).click();
  await page.getByText('BibTeX copied').waitFor({ state: 'attached' });
  assert.match(await copied(), /^@misc\{/);
});

for (const from of ['http', 'file']) {
  check(`a format can be saved as a file, from ${from}`, async (open) => {
    const page = await open(NORM, { from });
    await page.locator('.formats summary').click();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download RIS' }).click();
    assert.equal((await saving).suggestedFilename(), 'un-gge-2015-13d.ris');
  });
}

check('the sign of a paragraph offers its link and its citation', async (open) => {
  const page = await open(NORM);
  const copied = await clipboard(page);
  const sign = page.locator('.norm-text .permalink').first();
  await sign.focus();
  await page.keyboard.press('Enter');
  await page.locator('.tools-menu button:focus', { hasText: 'Copy link' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Link copied').waitFor({ state: 'attached' });
  assert.match(await copied(), /13d\/index\.html#p1$/);
  assert.match(page.url(), /#p1$/);
  await sign.click();
  await page.locator('.tools-menu button', { hasText: 'Copy citation' }).click();
  await page.getByText('Citation copied').waitFor({ state: 'attached' });
  assert.match(await copied(), /ICTs”, para\. 1, in: /);
  await sign.click();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.tools-menu').count(), 0);
  assert.ok(await sign.evaluate((link) => link === document.activeElement));
});

check('pages work when a handbook overrides the scripts with nothing', async (open) => {
  const without = (page) => page.route('**/theme/*.js', (route) => {
    return route.fulfill({ body: '', contentType: 'text/javascript' });
  });
  const page = await open(NORM, { prepare: without });
  assert.equal(await page.locator('main button').count(), 0);
  await page.locator('.prose a[href*="sources/"]').first().click();
  await page.waitForURL(/sources\//);
});
