// How a page arrives: at once, in its place, in the reader's colours, light
// in bytes; and whole, though scripts are switched off.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, inflateSync } from 'node:zlib';
import { check, none, visit } from './harness.mjs';
import { folder, kindOf, onePageOfEachKind, pages, read } from './site.mjs';

const KINDS = [...onePageOfEachKind('handbook').values()];
const NORMS = pages('handbook').filter((path) => kindOf('handbook', path) === 'norm');
NORMS.sort((a, b) => read('handbook', b).length - read('handbook', a).length);

/** What a norm's page may hold in all, with all that it loads. */
const NORM_PAGE_BYTES = 100_000;

/** What a norm's page may cost on the line, compressed as web servers do. */
const NORM_PAGE_BYTES_SENT = 50_000;

/** Holds scripts back until something is painted, as a slow line would. */
async function delayScripts(page) {
  await page.route('**/*.js', async (route) => {
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    await route.continue();
  });
}

/** How far things jumped, by the browser's own measure, and what jumped. */
function shifts(page) {
  return page.evaluate(() => new Promise((resolve) => {
    const moved = [];
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries()) {
        const what = sources.map(({ node }) => node?.outerHTML?.slice(0, 100) ?? node?.nodeName);
        moved.push(`${value.toFixed(4)}: ${what.join(' and ')}`);
      }
    }).observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(moved))));
  }));
}

check('a script that moves the page is a jump', async (open) => {
  mkdirSync(folder('jump'), { recursive: true });
  const script = 'document.querySelector("p").before(document.createElement("hr"));';
  writeFileSync(join(folder('jump'), 'jump.js'), script);
  const page = '<!DOCTYPE html><html lang="en"><title>x</title><script src="jump.js" defer></script><p>words';
  writeFileSync(join(folder('jump'), 'index.html'), page);
  assert.equal((await shifts(await open('', { site: 'jump', prepare: delayScripts }))).length, 1);
});

for (const width of [360, 1280, 1920]) {
  check(`nothing jumps while a page loads, ${width} px wide`, async (open) => {
    const jumped = [];
    await visit(open, KINDS, { width, prepare: delayScripts }, async (page, path) => {
      jumped.push(...(await shifts(page)).map((shift) => `${path}: ${shift}`));
    });
    none(jumped);
  });
}

check('only the one stylesheet is waited for', async (open) => {
  await visit(open, KINDS, {}, async (page, path) => {
    const blocking = await page.evaluate(() =>
      performance.getEntriesByType('resource')
        .filter(({ renderBlockingStatus }) => renderBlockingStatus === 'blocking')
        .map(({ name }) => name));
    assert.equal(blocking.length, 1, `${path}: ${blocking}`);
    assert.match(blocking[0], /\/theme\/style\.css(\?|$)/, path);
  });
});

check('norm pages are light', async (open, report) => {
  const files = new Map();
  const prepare = (page) => page.on('response', async (response) => {
    files.set(response.url(), response.body());
  });
  const wrong = [];
  // The longest ones, since all load much the same.
  await visit(open, NORMS.slice(0, 5), { prepare }, async (page, path) => {
    await page.waitForLoadState('networkidle');
    // What the browser holds from the page before is not answered anew.
    const loaded = await page.evaluate(() => {
      const names = performance.getEntriesByType('resource').map(({ name }) => name);
      return [...new Set([location.href, ...names])];
    });
    const bodies = await Promise.all(loaded.map((url) => files.get(url)));
    const sum = (lengths) => lengths.reduce((all, length) => all + length, 0);
    const plain = sum(bodies.map((body) => body.length));
    const sent = sum(bodies.map((body) => gzipSync(body).length));
    if (plain >= NORM_PAGE_BYTES || sent >= NORM_PAGE_BYTES_SENT) wrong.push(`${path}: ${plain} bytes, ${sent} as sent`);
    report(`${path}: ${plain} bytes, ${sent} as sent, in ${loaded.length} files`);
  });
  none(wrong);
});

/** The colour of the window at its edge, as `r,g,b`. */
async function edge(page) {
  const png = await page.screenshot({ clip: { x: 2, y: 400, width: 2, height: 2 } });
  const data = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  // The first byte of a row says how it is filtered, which leaves the first pixel as it is.
  return [...inflateSync(Buffer.concat(data)).subarray(1, 4)];
}

for (const [scheme, isRight] of [['dark', (tone) => tone < 64], ['light', (tone) => tone > 224]]) {
  check(`the window is ${scheme} before the stylesheet is there, and after`, async (open) => {
    const empty = (page) => page.route('**/*.css', (route) => route.fulfill({ body: '', contentType: 'text/css' }));
    for (const prepare of [empty, undefined]) {
      await visit(open, KINDS, { scheme, prepare }, async (page, path) => {
        const colour = await edge(page);
        assert.ok(colour.every(isRight), `${path}: ${colour}`);
      });
    }
  });
}

/** The texts that a reader sees in a page, without those of controls. */
function texts(page) {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    const seen = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      const text = node.data.trim();
      if (!text || !parent.checkVisibility({ visibilityProperty: true })) continue;
      if (parent.closest('button, select, label, output, form, [role="status"], [role="search"]')) continue;
      seen.push(text);
    }
    return seen;
  });
}

for (const width of [1280, 360]) {
  check(`all can be read with scripts off, ${width} px wide`, async (open) => {
    const without = new Map();
    await visit(open, KINDS, { width, javascript: false }, async (page, path) => {
      without.set(path, new Set(await texts(page)));
    });
    const lost = [];
    await visit(open, KINDS, { width }, async (page, path) => {
      const seen = await texts(page);
      assert.ok(seen.length > 2, `${path} shows nothing`);
      const missed = seen.filter((text) => !without.get(path).has(text));
      lost.push(...missed.map((text) => `${path}: ${text}`));
    });
    none(lost);
  });
}
