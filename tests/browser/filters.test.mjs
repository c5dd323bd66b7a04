// Lists and matrices can be narrowed and tables sorted; the state of a filter
// stands in the address, over HTTP and from disk; without scripts a filter is
// a list of links.

import assert from 'node:assert/strict';
import { check } from './harness.mjs';

const shown = (page, selector) => page.locator(selector).filter({ visible: true }).count();

for (const from of ['http', 'file']) {
  check(`a list of norms is narrowed and its address remembers, from ${from}`, async (open) => {
    const page = await open('norms/index.html', { from });
    const all = await shown(page, '.norms > li');
    assert.ok(all > 20, `${all} norms`);
    await page.locator('.filters summary').click();
    await page.getByLabel(/^Agreed/).check();
    const agreed = await shown(page, '.norms > li');
    assert.ok(agreed > 0 && agreed < all, `${agreed} of ${all}`);
    assert.equal(await page.locator('.filter-bar [role=status]').innerText(), `${agreed} of ${all} norms`);
    await page.getByLabel(/^Terrorist use of ICTs/).check();
    assert.match(page.url(), /\?status=agreed&theme=cyber-terrorism$/);
    const both = await shown(page, '.norms > li');
    assert.ok(both > 0 && both < agreed, `${both} of ${agreed}`);
    await page.reload();
    assert.equal(await shown(page, '.norms > li'), both);
    assert.ok(await page.getByLabel(/^Agreed/).isChecked());
    await page.getByRole('button', { name: 'Clear' }).click();
    assert.equal(await shown(page, '.norms > li'), all);
    assert.doesNotMatch(page.url(), /\?./);
  });

  check(`the matrix of positions is narrowed by theme and actor, from ${from}`, async (open) => {
    const page = await open('positions/index.html?actor=cn&actor=ru', { from });
    assert.equal(await shown(page, '.stances thead th'), 3);
    const rows = await shown(page, '.stances tbody th[scope=row]');
    await page.getByLabel(/^Data security/).check();
    const fewer = await shown(page, '.stances tbody th[scope=row]');
    assert.ok(fewer > 0 && fewer < rows, `${fewer} of ${rows}`);
  });
}

check('the matrix of themes is narrowed on both sides', async (open) => {
  const page = await open('matrix/index.html?theme=data-security&forum=un-gge');
  assert.equal(await shown(page, '.matrix tbody tr'), 1);
  assert.equal(await shown(page, '.matrix thead th'), 3);
});

check('an index is narrowed by kind', async (open) => {
  const page = await open('sources/index.html?kind=resolution');
  const all = await page.locator('.index > li').count();
  const left = await shown(page, '.index > li');
  assert.ok(left > 0 && left < all, `${left} of ${all}`);
  assert.equal(await shown(page, '.index > li:not([data-kind=resolution])'), 0);
});

check('a filter without scripts is a list of links', async (open) => {
  const page = await open('norms/index.html', { javascript: false });
  await page.locator('.filters summary').click();
  await page.locator('.filters a', { hasText: 'Terrorist use of ICTs' }).click();
  await page.waitForURL(/themes\/cyber-terrorism\//);
});

check('the matrix of positions is sorted by an actor, each set by itself', async (open) => {
  const page = await open('positions/index.html');
  const signs = () => page.locator('.stances').evaluate((table) => {
    const at = [...table.tHead.rows[0].cells].findIndex((head) => head.textContent.trim() === 'Cuba');
    return [...table.tBodies].map((body) =>
      [...body.rows].map((row) => (row.cells.length > at ? row.cells[at].textContent.trim() : row.className)));
  });
  const before = await signs();
  await page.getByRole('button', { name: 'Sort by Cuba' }).click();
  const after = await signs();
  assert.notDeepEqual(after, before);
  for (const [place, set] of after.entries()) {
    assert.deepEqual([...set].sort(), [...before[place]].sort(), 'the same rows');
    assert.equal(set[0], 'set');
    const rows = set.filter((row) => row !== 'set' && row !== 'unresearched');
    assert.ok(rows.lastIndexOf('') < 0 || rows.slice(rows.indexOf('')).every((row) => row === ''), 'empty ones are last');
  }
});

check('the norms of a theme are narrowed by the search', async (open) => {
  const page = await open('themes/cyber-terrorism/index.html');
  await page.getByRole('link', { name: 'Narrow down by forum, status and actor' }).click();
  await page.waitForURL(/[?]kind=norm&theme=cyber-terrorism$/);
  await page.locator('#nb-narrow').waitFor();
  assert.ok(await page.locator('[name=theme][value=cyber-terrorism]').isChecked());
  assert.ok(await shown(page, '.hit') > 0);
});

check('a table is sorted by its heads', async (open) => {
  const page = await open('actors/cn/index.html');
  const table = page.locator('table.sortable').first();
  const head = table.locator('th[scope=col]').first();
  const first = () => table.locator('tbody th').allInnerTexts();
  const before = await first();
  await head.locator('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  const rising = await first();
  await head.locator('button').focus();
  await page.keyboard.press('Enter');
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  const falling = await first();
  assert.deepEqual([...falling].reverse().sort(), [...rising].sort());
  assert.notDeepEqual(rising, falling);
  assert.equal(before.length, falling.length);
  const inOrder = await page.evaluate(([names]) => {
    const order = new Intl.Collator('en', { numeric: true });
    return names.every((name, at) => at === 0 || order.compare(names[at - 1], name) >= 0);
  }, [falling]);
  assert.ok(inOrder, falling.join(' / '));
});
