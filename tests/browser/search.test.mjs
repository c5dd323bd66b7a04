// The search, over HTTP and from disk: by keyboard, with facets, with a
// mistake, by number and symbol, in Chinese; it asks for nothing before it is
// used.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COLOURS, RULES, violations } from './axe.mjs';
import { address, check, none } from './harness.mjs';
import { folder, read } from './site.mjs';

const NORM = 'norms/un-gge-2015/13d/index.html';
const PAGE = 'search/index.html';

/** Opens the search page with a question and waits for the answer. */
async function ask(open, question, options = {}) {
  const page = await open(`${PAGE}?${new URLSearchParams(question)}`, options);
  await answered(page);
  return page;
}

async function answered(page) {
  await page.locator('#nb-search-status:not(.waiting)', { hasText: /result|Nothing/ }).waitFor();
}

const status = (page) => page.locator('#nb-search-status').innerText();

/** The kinds of what was found, in order, each with its hits' titles. */
const found = (page) =>
  page.locator('.found').evaluateAll((sections) =>
    sections.map((section) => [
      section.querySelector('h2').firstChild.textContent,
      ...[...section.querySelectorAll('.norm-title')].map((title) => title.innerText),
    ]),
  );

for (const from of ['http', 'file']) {
  check(`by keyboard from a norm to a result, from ${from}`, async (open) => {
    const page = await open(NORM, { from });
    await page.keyboard.press('/');
    await page.keyboard.type('critical infrastructure');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.endsWith(PAGE));
    await answered(page);
    assert.match(page.url(), /[?]q=critical[+]infrastructure$/);
    const [[kind, first]] = await found(page);
    assert.equal(kind.trim(), 'Norms');
    assert.match(first, /critical infrastructure/);
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const focused = await page.evaluate(() => document.activeElement.innerText);
    assert.ok(focused.includes(first), `${focused} is focused`);
    await page.keyboard.press('Escape');
    assert.ok(await page.evaluate(() => document.activeElement.matches('[name=q]')));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname.includes('/norms/'));
  });

  check(`facets narrow down, are counted and stand in the address, from ${from}`, async (open) => {
    const page = await ask(open, { q: 'states' }, { from });
    const box = page.locator('input[name=kind][value=theme]');
    const label = page.locator('label', { has: box });
    const count = Number(await label.locator('.count').innerText());
    await box.focus();
    await page.keyboard.press('Space');
    await page.waitForURL(/[?]q=states&kind=theme$/);
    await page.locator('.found').nth(1).waitFor({ state: 'detached' });
    assert.match(await status(page), new RegExp(`^${count} results? `));
    assert.ok(await box.evaluate((box) => box === document.activeElement), 'the box keeps the focus');
    assert.ok(Number(await page.locator('label:has([value=norm]) .count').innerText()) > 0, 'others still count');
    await page.reload();
    await answered(page);
    assert.ok(await box.isChecked());
    assert.equal((await found(page)).length, 1);
    await page.getByRole('button', { name: 'Take all conditions away' }).click();
    await page.locator('.found').nth(1).waitFor();
    assert.match(page.url(), /[?]q=states$/);
  });

  check(`numbers and symbols are found as typed, from ${from}`, async (open) => {
    const page = await ask(open, { q: '13(d)' }, { from });
    const [[kind, first]] = await found(page);
    assert.equal(kind.trim(), 'Norms');
    assert.match(first, /^13\(d\)\s+Cooperate/);
    assert.equal(await page.locator('.hit mark').first().innerText(), '13(d)');
    await page.locator('[name=q]').fill('A/70/174');
    await page.locator('#nb-search-status', { hasText: 'for “A/70/174”' }).waitFor();
    const groups = await found(page);
    assert.equal(groups[0][0].trim(), 'Sources');
    assert.match(groups[0][1], /^A\/70\/174/);
    assert.match(page.url(), /[?]q=A%2F70%2F174$/);
  });
}

check('beginnings of words and words with a mistake are found', async (open) => {
  const page = await ask(open, { q: 'vulnerab' });
  assert.match((await found(page)).flat().join(' '), /vulnerabilit/i);
  for (const mistaken of ['vulnrability', 'vulnerabiliyt', 'ulnerability', 'vulnerabilityy', 'vxlnerability']) {
    await page.locator('[name=q]').fill(mistaken);
    await page.locator('#nb-search-status', { hasText: `“${mistaken}” is nowhere` }).waitFor();
    assert.match(await status(page), /shown is “vulnerability/);
    assert.match((await page.locator('mark').first().innerText()).toLowerCase(), /^vulnerability/);
  }
  await page.locator('[name=q]').fill('xyzzyq');
  await page.locator('#nb-search-status', { hasText: 'Nothing found' }).waitFor();
});

check('a result leads to the paragraph that matches, unless the head of the page says as much', async (open) => {
  const page = await ask(open, { q: 'duty of result' });
  await page.locator('.hit a').first().click();
  await page.waitForURL(/#./);
  const target = page.locator(':target');
  await target.waitFor();
  assert.ok(await page.evaluate(() => document.body.innerText.includes('duty')), page.url());
  const other = await ask(open, { q: 'critical infrastructure' });
  assert.doesNotMatch(await other.locator('.hit a').first().getAttribute('href'), /#/);
});

check('every anchor that the search knows stands on its page', async () => {
  const wrong = [];
  let known = 0;
  for (const name of readdirSync(join(folder('handbook'), 'search')).filter((name) => name.startsWith('texts-'))) {
    const documents = JSON.parse(read('handbook', `search/${name}`).replace(/^.*?(?=\[)/, '').replace(/\);\n$/, ''));
    for (const [href, ...lines] of documents.map((text) => text.split('\n'))) {
      const html = read('handbook', href.replace(/^(\.\.\/)+/, ''));
      const anchors = lines.filter((line) => line.startsWith('\t') && line.length > 1).map((line) => line.slice(1));
      known += anchors.length;
      wrong.push(...anchors.filter((anchor) => !html.includes(`id="${anchor}"`)).map((anchor) => `${href}#${anchor}`));
    }
  }
  assert.ok(known > 100, `${known} anchors`);
  none(wrong);
});

check('the sentence that matches is shown and marked', async (open) => {
  const page = await ask(open, { q: 'duty of result' });
  const sentence = page.locator('.sentence').first();
  await sentence.waitFor();
  const marks = await sentence.locator('mark').allInnerTexts();
  assert.deepEqual(new Set(marks.map((mark) => mark.toLowerCase())), new Set(['duty', 'result']));
});

check('accents are folded, and Chinese and Arabic are found', async (open) => {
  const page = await ask(open, { q: 'crítical ÍNFRASTRUCTURE' });
  assert.equal((await page.locator('mark').first().innerText()).toLowerCase(), 'critical');
  for (const [question, title, marked] of [
    ['文字', '規範', '文字'],
    ['範', '規範', '範'],
    ['القاعده', 'القاعدة', 'القاعدة'],
  ]) {
    const page = await ask(open, { q: question }, { site: 'languages' });
    assert.match((await found(page)).flat().join(' '), new RegExp(title));
    assert.equal(await page.locator('mark').first().innerText(), marked);
  }
});

check('nothing is loaded before the search is used', async (open) => {
  const asked = [];
  const prepare = (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  for (const path of [NORM, 'index.html', PAGE]) await open(path, { prepare });
  const index = () => asked.filter((path) => /\/search\/.*\.js$/.test(path));
  assert.deepEqual(index(), []);
  await ask(open, { q: 'security' }, { prepare });
  assert.ok(index().length >= 4, `${index()}`);
});

check('without scripts the page names the other ways in', async (open) => {
  const page = await open(PAGE, { javascript: false });
  await page.locator('noscript p').waitFor();
  assert.match(await page.locator('noscript p').innerText(), /^The search needs scripts/);
  assert.ok((await page.locator('noscript a').count()) > 3);
  const form = await open(NORM, { javascript: false });
  await form.locator('[name=q]').fill('word');
  await form.keyboard.press('Enter');
  await form.waitForURL((url) => url.href.startsWith(address(PAGE)));
});

check('what is left of an earlier build is not shown', async (open) => {
  const prepare = (page) =>
    page.route('**/search/texts-*.js*', async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/^normbook\.search\("([^"]*)","[^"]*"/, 'normbook.search("$1","zzzzz"');
      await route.fulfill({ response, body });
    });
  const page = await open(`${PAGE}?q=security`, { prepare });
  await page.getByText('load this page again').waitFor();
  assert.equal(await page.locator('.hit').count(), 0);
});

for (const options of [{}, { width: 360 }, { scheme: 'dark' }, { forcedColors: true }]) {
  check(`axe finds nothing on results, ${JSON.stringify(options)}`, async (open) => {
    const page = await ask(open, { q: 'security', kind: 'norm' }, options);
    const more = page.getByRole('button', { name: /^Show \d+ more of/ });
    if (await more.count()) {
      await more.click();
      await page.locator('.hit').nth(6).waitFor();
    }
    const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.equal(excess, 0, 'nothing scrolls sideways');
    none(await violations(page, options.scheme || options.forcedColors ? COLOURS : RULES));
  });
}
