// Everyone can read and use every kind of page: axe-core finds nothing, with
// scripts and all, light and dark, wide and narrow; nothing scrolls sideways;
// every control can be reached and seen to be reached by keyboard.

import assert from 'node:assert/strict';
import { COLOURS, RULES, violations } from './axe.mjs';
import { check, none, visit } from './harness.mjs';
import { onePageOfEachKind } from './site.mjs';

const ONE_OF_EACH = [...onePageOfEachKind('one-of-each').values()];

/**
 * Each kind of page of the small handbook that has one of each, and the pages
 * that show all of Markdown and of languages.
 */
const FEW = [
  ['one-of-each', ONE_OF_EACH],
  ['prose', ['all/', 'norms/markers/', 'norms/treaty/']],
  ['languages', ['ar/', 'ar/norms/set/a/', 'zh-Hant/norms/set/a/']],
];

/** And each kind of page of the handbook of this repository, the largest. */
const ALL = [...FEW, ['handbook', [...onePageOfEachKind('handbook').values()]]];

/** Opens the pages of some handbooks. */
async function visitAll(open, places, options, body) {
  for (const [site, paths] of places) {
    await visit(open, paths, { ...options, site }, (page, path) => body(page, `${site}/${path}`));
  }
}

/** Looks at these places by these rules. */
function checkAxe(name, tags, places, options) {
  check(name, async (open) => {
    const found = [];
    await visitAll(open, places, options, async (page, place) => {
      found.push(...(await violations(page, tags)).map((violation) => `${place}: ${violation}`));
    });
    none(found);
  });
}

for (const width of [1280, 360]) {
  checkAxe(`axe finds nothing, ${width} px wide`, RULES, ALL, { width });
  checkAxe(`axe finds nothing in the dark, ${width} px wide`, COLOURS, FEW, { width, scheme: 'dark' });
}
checkAxe('axe finds nothing with more contrast', COLOURS, FEW, { contrast: 'more' });
checkAxe('axe finds nothing with more contrast in the dark', COLOURS, FEW, { contrast: 'more', scheme: 'dark' });
checkAxe('axe finds nothing with forced colours', COLOURS, FEW, { forcedColors: true });

for (const width of [320, 360, 768, 1280, 1920]) {
  check(`nothing scrolls sideways, ${width} px wide`, async (open) => {
    const wide = [];
    await visitAll(open, ALL, { width }, async (page, name) => {
      const excess = await page.evaluate(() => {
        const root = document.documentElement;
        return root.scrollWidth - root.clientWidth;
      });
      if (excess > 0) wide.push(`${name}: ${excess} px: ${await widest(page)}`);
    });
    none(wide);
  });
}

/** The element that stands out furthest, for the message. */
function widest(page) {
  return page.evaluate(() => {
    const right = (element) => element.getBoundingClientRect().right;
    const all = [...document.querySelectorAll('body *')].filter((each) => !each.closest('.table'));
    return all.sort((a, b) => right(b) - right(a))[0].outerHTML.slice(0, 160);
  });
}

/** Presses Tab until the focus leaves the page; returns what it met. */
async function tabThrough(page) {
  const met = [];
  // From the top, also where a page begins in its search box.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      if (element.dataset.met) return null;
      element.dataset.met = 'yes';
      const style = getComputedStyle(element);
      // A link may go over several lines.
      const boxes = [...element.getClientRects()];
      const box = boxes.find(({ width, height }) => width > 0 && height > 0) ?? boxes[0];
      const middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
      const top = document.elementFromPoint(...middle);
      return {
        html: element.outerHTML.slice(0, 120),
        inMain: Boolean(element.closest('main')),
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.left < innerWidth && box.right > 0,
        covered: Boolean(top) && !element.contains(top) && !top.contains(element) ? top.outerHTML.slice(0, 80) : '',
      };
    });
    if (!stop) return met;
    met.push(stop);
  }
}

for (const width of [1280, 360]) {
  check(`the keyboard reaches every control and shows where it is, ${width} px wide`, async (open) => {
    const wrong = [];
    await visit(open, ONE_OF_EACH, { width, site: 'one-of-each' }, async (page, path) => {
      const met = await tabThrough(page);
      if (!met[0].html.includes('class="skip"')) wrong.push(`${path}: the first is ${met[0].html}`);
      if (!met.some((stop) => stop.inMain)) wrong.push(`${path}: never in main`);
      for (const { html, outline, inside, covered } of met) {
        if (!outline) wrong.push(`${path}: no outline: ${html}`);
        if (!inside) wrong.push(`${path}: out of sight: ${html}`);
        if (covered) wrong.push(`${path}: ${html} lies under ${covered}`);
      }
      const missed = await page.evaluate(() =>
        [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
          .filter((each) => !each.dataset.met && each.checkVisibility({ visibilityProperty: true }) && !each.disabled)
          .map((each) => each.outerHTML.slice(0, 120)));
      wrong.push(...missed.map((html) => `${path}: never reached: ${html}`));
    });
    none(wrong);
  });
}

check('the first stop of the keyboard leads past the header', async (open) => {
  const page = await open('norms/un-gge-2015/13d/');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('main'))));
});
