// What an author sees while `normbook serve` runs: the open page follows her
// files without losing her place, and tells her what to mend.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { launch } from './chromium.mjs';

const GOLDEN = new URL('../golden/one-of-each/input', import.meta.url).pathname;
const PARAGRAPHS = Array.from({ length: 60 }, (_, at) => `Paragraph number ${at}, which is here to be scrolled.`);

let browser;
after(() => browser?.close());

/** A handbook of its own under `normbook serve`, and a page in a browser. */
function check(name, body) {
  test(name, { timeout: 120_000 }, async () => {
    browser ??= await launch();
    const root = await mkdtemp(join(tmpdir(), 'normbook-live-'));
    await cp(GOLDEN, root, { recursive: true });
    const author = writer(root);
    await author.write('content/pages/long.md', long('The end.'));
    const server = spawn(process.env.NORMBOOK, ['serve', '--root', root, '--port', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    try {
      const origin = await listening(server);
      const page = await context.newPage();
      const thrown = [];
      page.on('pageerror', (error) => thrown.push(error));
      const loads = { count: 0 };
      page.on('load', () => { loads.count += 1; });
      const open = async (path) => {
        await page.goto(origin + path, { waitUntil: 'load' });
        loads.count = 0;
        return page;
      };
      await body({ open, page, author, loads, origin });
      assert.deepEqual(thrown, []);
    } finally {
      await context.close();
      server.kill();
      await once(server, 'exit');
      await rm(root, { recursive: true, force: true });
    }
  });
}

function writer(root) {
  const at = (path) => join(root, path);
  const write = async (path, text) => {
    await mkdir(dirname(at(path)), { recursive: true });
    await writeFile(at(path), text);
  };
  return {
    write,
    theme: (name, text) => write(`theme/${name}`, text),
    template: (name, text) => write(`templates/${name}`, text),
    edit: async (path, from, to) => {
      const text = await readFile(at(path), 'utf8');
      assert.ok(text.includes(from), `${from} stands in ${path}`);
      await write(path, text.replace(from, to));
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: (path) => rm(at(path)),
  };
}

const long = (end) => `---\ntitle: A long page\n---\n\n${PARAGRAPHS.join('\n\n')}\n\n${end}\n`;

async function listening(server) {
  let said = '';
  for await (const part of server.stderr) {
    said += part;
    const found = /serving at (http:\/\/[^/]+)\//.exec(said);
    if (found) {
      // What is said later must not fill the pipe.
      server.stderr.resume?.();
      return found[1];
    }
  }
  throw new Error(`the server ended: ${said}`);
}

const report = (page) => page.locator('normbook-report');

check('a change appears in place, and everything else stays as it was', async ({ open, author, loads }) => {
  const page = await open('/long/');
  const line = page.getByText('Paragraph number 40,');
  await page.evaluate(() => {
    const paragraph = [...document.querySelectorAll('p')].find((p) => p.textContent.startsWith('Paragraph number 40,'));
    paragraph.scrollIntoView({ block: 'start' });
    getSelection().setBaseAndExtent(paragraph.firstChild, 3, paragraph.firstChild, 9);
    const input = document.createElement('input');
    input.id = 'typed';
    document.querySelector('main').append(input);
    input.value = 'half a word';
    input.focus({ preventScroll: true });
    input.setSelectionRange(2, 4);
    getSelection().setBaseAndExtent(paragraph.firstChild, 3, paragraph.firstChild, 9);
    window.same = 'window';
  });
  const before = await line.boundingBox();
  await author.edit('content/pages/long.md', 'Paragraph number 5,', 'Another sentence before it.\n\nAnd one more.\n\nParagraph number 5 changed,');
  await author.edit('content/pages/long.md', 'The end.', 'The very end.');
  await page.getByText('The very end.').waitFor({ state: 'attached' });
  await page.getByText('And one more.').waitFor({ state: 'attached' });
  const state = await page.evaluate(() => ({
    window: window.same,
    typed: document.getElementById('typed').value,
    selection: String(getSelection()),
  }));
  assert.deepEqual(state, { window: 'window', typed: 'half a word', selection: 'agraph' });
  const now = await line.boundingBox();
  assert.ok(Math.abs(now.y - before.y) <= 2, `the paragraph moved from ${before.y} to ${now.y}`);
  assert.equal(loads.count, 0);
});

check('focus and open details survive, and a removed paragraph goes', async ({ open, author, loads }) => {
  const page = await open('/long/');
  await page.evaluate(() => {
    document.querySelector('main').insertAdjacentHTML('beforeend', '<details id="mine"><summary>More</summary>Text</details>');
    document.getElementById('mine').open = true;
    document.querySelector('.menu a').focus();
  });
  await author.edit('content/pages/long.md', `${PARAGRAPHS[7]}\n\n`, '');
  await page.getByText('Paragraph number 7,').waitFor({ state: 'detached' });
  const state = await page.evaluate(() => ({
    open: document.getElementById('mine').open,
    focus: document.activeElement === document.querySelector('.menu a'),
  }));
  assert.deepEqual(state, { open: true, focus: true });
  assert.equal(loads.count, 0);
});

check('a norm with notes follows a change of text, title and notes', async ({ open, author, loads }) => {
  const page = await open('/norms/first/one/');
  await author.edit('content/norms/first/one.md', 'title: The first norm', 'title: The renamed norm');
  await page.getByRole('heading', { level: 1, name: 'The renamed norm' }).waitFor();
  assert.match(await page.title(), /The renamed norm/);
  assert.equal(loads.count, 0);
});

check('what an open index shows of a norm follows its title', async ({ open, author }) => {
  const page = await open('/themes/wide/');
  await author.edit('content/norms/first/one.md', 'title: The first norm', 'title: Seen on the index');
  await page.getByText('Seen on the index').first().waitFor();
});

check('a table that is sorted takes up a new row in its order', async ({ open, author, loads }) => {
  const page = await open('/matrix/');
  await page.getByRole('button', { name: 'Theme' }).click();
  await page.getByRole('button', { name: 'Theme' }).click();
  await author.write('content/themes/zebras.md', '---\ntitle: Zebras\n---\n');
  await author.write('content/norms/first/zebra.md', '---\ntitle: A norm on zebras\nstatus: agreed\nthemes: [zebras]\nforums: [committee]\ndate: 2020\n---\n');
  const rows = page.locator('.matrix tbody th');
  await rows.filter({ hasText: 'Zebras' }).waitFor();
  const names = () => rows.evaluateAll((heads) => heads.map((head) => head.textContent.trim()));
  await page.waitForFunction(() => document.querySelector('.matrix tbody th').textContent.trim() === 'Zebras');
  assert.deepEqual(await names(), [...await names()].sort().reverse());
  assert.equal(loads.count, 0);
});

check('styles are exchanged without a reload', async ({ open, author, loads }) => {
  const page = await open('/long/');
  await author.theme('style.css', 'h1 { color: rgb(1, 2, 3) }');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color === 'rgb(1, 2, 3)');
  assert.equal(await page.locator('link[rel=stylesheet]').count(), 1);
  await author.theme('style.css', 'h1 { color: rgb(3, 2, 1) }');
  await page.waitForFunction(() => getComputedStyle(document.querySelector('h1')).color === 'rgb(3, 2, 1)');
  assert.equal(loads.count, 0);
});

check('a changed script loads the page anew', async ({ open, author, loads }) => {
  const page = await open('/long/');
  await page.evaluate(() => { window.same = 'window'; });
  await author.theme('preview.js', 'window.fresh = true;');
  await page.waitForFunction(() => window.fresh && !window.same);
  assert.equal(loads.count, 1);
});

check('mistakes are listed over the last good page until they are mended', async ({ open, author, loads }) => {
  const page = await open('/norms/first/one/');
  await author.edit('content/pages/long.md', 'The end.', 'See [[nothing-there]].');
  const panel = report(page).getByRole('region');
  await panel.getByText('1 error; you see the last good page').waitFor();
  assert.match(await panel.locator('pre').textContent(), /error\[unknown-reference\][^]*\[\[nothing-there\]\]/);
  const link = panel.getByRole('link', { name: 'content/pages/long.md:125:5' });
  assert.match(await link.getAttribute('href'), /^vscode:\/\/file\/.*\/content\/pages\/long\.md:125:5$/);
  await page.getByRole('heading', { level: 1, name: 'The first norm' }).waitFor();
  // It can be put away, and a new mistake shows it again.
  await panel.getByRole('button', { name: 'Hide' }).click();
  await panel.waitFor({ state: 'detached' });
  await author.edit('content/norms/first/one.md', 'themes: [narrow, wide]', 'themes: [narow, wide]');
  await panel.getByText('2 errors').waitFor();
  await author.edit('content/norms/first/one.md', 'themes: [narow, wide]', 'themes: [narrow, wide]');
  await author.edit('content/pages/long.md', 'See [[nothing-there]].', 'Mended.');
  await report(page).waitFor({ state: 'detached' });
  assert.equal(loads.count, 0);
});

check('a failing template names itself, the line, the expression and the page', async ({ open, author }) => {
  const page = await open('/long/');
  await author.template('page.html', '<title>x</title>\n<body>\n<p>{{ page.nothing.there }}</p>\n</body>\n');
  const text = report(page).getByRole('region').locator('pre');
  await text.waitFor();
  const said = await text.textContent();
  for (const part of ['templates/page.html:3', 'page.nothing.there', 'long']) assert.ok(said.includes(part), said);
  // The last good page stays below.
  await page.getByRole('heading', { level: 1, name: 'A long page' }).waitFor();
  await author.template('page.html', '<title>x</title>\n<body>\n<h1>Mine: {{ page.title }}</h1>\n</body>\n');
  await page.getByRole('heading', { level: 1, name: 'Mine: A long page' }).waitFor();
  await report(page).waitFor({ state: 'detached' });
});

check('a renamed entry takes its browser along', async ({ open, author, origin }) => {
  const page = await open('/long/#nb-content');
  await author.rename('content/pages/long.md', 'content/pages/longer.md');
  await page.waitForURL(`${origin}/longer/#nb-content`);
  await page.getByRole('heading', { level: 1, name: 'A long page' }).waitFor();
});

check('a deleted entry says so, and is back when it is back', async ({ open, author, loads }) => {
  const page = await open('/long/');
  await author.remove('content/pages/long.md');
  await report(page).getByText('this page is no longer part of the handbook').waitFor();
  await author.write('content/pages/long.md', long('Back again.'));
  await page.getByText('Back again.').waitFor();
  await report(page).waitFor({ state: 'detached' });
  assert.equal(loads.count, 0);
});

check('an address without a page shows it once there is one', async ({ open, author }) => {
  const page = await open('/late/');
  await page.getByRole('heading', { level: 1, name: 'Page not found' }).waitFor();
  await author.write('content/pages/late.md', '---\ntitle: Here at last\n---\n');
  await page.getByRole('heading', { level: 1, name: 'Here at last' }).waitFor();
});

check('a page that was hidden is brought up to date when it is seen again', async ({ open, author }) => {
  const page = await open('/long/');
  const hide = (hidden) => page.evaluate((hidden) => {
    Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  await author.edit('content/pages/long.md', 'The end.', 'Changed behind.');
  await hide(false);
  await page.getByText('Changed behind.').waitFor();
});
