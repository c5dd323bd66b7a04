// The site is plain linked pages: it works below a path of a server and from
// a disk, and no page of it makes the browser complain.

import assert from 'node:assert/strict';
import { check, visit } from './harness.mjs';
import { onePageOfEachKind } from './site.mjs';

const KINDS = onePageOfEachKind('handbook');

for (const from of ['http', 'file']) {
  check(`every kind of page opens from ${from}`, async (open) => {
    assert.ok(KINDS.size >= 12, `only ${[...KINDS.keys()]}`);
    await visit(open, KINDS.values(), { from }, async (page, path) => {
      assert.equal(await page.locator('main h1').count(), 1, path);
    });
  });

  check(`links lead from the home page to a norm and back, from ${from}`, async (open) => {
    const page = await open('', { from });
    await page.locator('main a[href*="sets/un-gge-2015"]').first().click();
    await page.locator('main a[href*="norms/un-gge-2015/13d"]').first().click();
    await page.waitForURL(/norms\/un-gge-2015\/13d\//);
    assert.match(await page.locator('h1').innerText(), /13\(d\)/);
    await page.locator('.site-title a').click();
    await page.waitForSelector('body.page-home');
  });
}

check('a fragment leads to the paragraph of a norm', async (open) => {
  const page = await open('norms/un-gge-2015/13d/#p1');
  assert.equal(await page.locator(':target').count(), 1);
});
