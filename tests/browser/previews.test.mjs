// Previews of internal links: on hover, focus and tap, over HTTP and from
// disk; they can be left, hovered and dismissed (WCAG 2.2, 1.4.13), and never
// cover the line that is read.

import assert from 'node:assert/strict';
import { check } from './harness.mjs';

const NORM = 'norms/un-gge-2015/13d/index.html';
const PREVIEW = '.preview:not([hidden])';

/** A link of the commentary to another entry. */
const LINK = '.prose a[href*="sources/"]';
const linkOf = (page) => page.locator(LINK).first();

async function boxOf(locator) {
  const box = await locator.boundingBox();
  assert.ok(box, 'it is shown');
  return box;
}

for (const from of ['http', 'file']) {
  check(`a link to a norm shows its title, status and summary on hover, from ${from}`, async (open) => {
    const page = await open('norms/un-gge-2015/13c/index.html', { from });
    const link = page.locator('main a[href*="13d/index.html"]:not([href*="#"])').first();
    await link.hover();
    const preview = page.locator(PREVIEW);
    await preview.waitFor();
    const text = await preview.innerText();
    for (const part of ['Norm', 'Agreed', '13(d)', 'Cooperate against criminal', 'States should consider']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    const line = await boxOf(link);
    const box = await boxOf(preview);
    assert.ok(box.y >= line.y + line.height || box.y + box.height <= line.y, 'the line is free');
    assert.equal(await link.getAttribute('aria-describedby'), await preview.getAttribute('id'));
  });

  check(`a link to a position shows its quotation, from ${from}`, async (open) => {
    const page = await open('positions/index.html', { from });
    const link = page.locator('.stances td a[href*="#nb-position-"]').first();
    await link.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await page.locator(`${PREVIEW} .label`).waitFor();
    const label = await page.locator(`${PREVIEW} .label`).innerText();
    assert.match(label, /^[A-Z].*: \S/);
  });
}

check('a preview stays while it is hovered, and goes with Escape or when left', async (open) => {
  // The clock is ours, so that time passes without waiting.
  const page = await open(NORM, { prepare: (page) => page.clock.install() });
  const preview = page.locator(PREVIEW);
  const hover = async (locator) => {
    await locator.hover();
    await page.clock.runFor(2_000);
  };
  await hover(linkOf(page));
  await preview.waitFor();
  await hover(preview);
  assert.equal(await preview.count(), 1, 'it is persistent while hovered');
  await page.keyboard.press('Escape');
  assert.equal(await preview.count(), 0);
  await hover(page.locator('h1'));
  await hover(linkOf(page));
  await preview.waitFor();
  await hover(page.locator('h1'));
  assert.equal(await preview.count(), 0);
});

check('a preview opens on keyboard focus and goes with it', async (open) => {
  const page = await open(NORM);
  await linkOf(page).focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await page.locator(PREVIEW).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.locator(PREVIEW).count(), 0);
  const focused = await page.evaluate(() => document.activeElement.matches('a[href*="sources/"]'));
  assert.ok(focused, 'the link keeps the focus');
});

check('a preview stays within a narrow window', async (open) => {
  const page = await open(NORM, { width: 360, height: 640 });
  const link = linkOf(page);
  await link.hover();
  await page.locator(PREVIEW).waitFor();
  const box = await boxOf(page.locator(PREVIEW));
  assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
  assert.ok(box.y >= 0 && box.y + box.height <= 640, JSON.stringify(box));
});

check('a first tap among words shows, and the preview leads on', async (open) => {
  const page = await open(NORM, { touch: true, width: 390, height: 800 });
  const link = linkOf(page);
  await link.scrollIntoViewIfNeeded();
  const before = page.url();
  await link.tap();
  const preview = page.locator(PREVIEW);
  await preview.waitFor();
  assert.equal(page.url(), before);
  await preview.getByRole('button', { name: 'Close' }).tap();
  assert.equal(await preview.count(), 0);
  await link.tap();
  await preview.getByRole('link', { name: 'Open' }).tap();
  await page.waitForURL((url) => url.href !== before);
});

check('text beside links can be selected', async (open) => {
  const page = await open(NORM);
  const link = linkOf(page);
  const box = await boxOf(link);
  await page.mouse.move(box.x - 5, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(box.x + box.width / 2 + 2, box.y + box.height / 2);
  assert.equal(await page.locator(PREVIEW).count(), 0);
});
