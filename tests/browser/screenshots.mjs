// Pictures of every kind of page, to look at: tests/browser/run screenshots DIR
//
// A page of each kind, what a search finds, and pages that are written from the
// right: at four widths, in the dark on a phone and a desk, with more contrast,
// with the reader's own colours, and as printed sheets. With --readme and no folder the pictures of the README are made
// anew instead, for which Debian's pngquant is needed.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { launch } from './chromium.mjs';
import { ROOT, kindOf, onePageOfEachKind, pages as allPages, serve } from './site.mjs';

/** How pages are looked at: the end of the picture's name, and the window. */
const VIEWS = [
  ...[360, 768, 1280, 1920].map((width) => [`${width}`, width, {}]),
  ['dark-360', 360, { colorScheme: 'dark' }],
  ['dark', 1280, { colorScheme: 'dark' }],
  ['contrast', 1280, { contrast: 'more' }],
  ['contrast-dark', 1280, { contrast: 'more', colorScheme: 'dark' }],
  ['forced', 1280, { forcedColors: 'active' }],
  ['forced-dark', 1280, { forcedColors: 'active', colorScheme: 'dark' }],
];

/** A norm with annotations, positions and relations. */
const NORM = 'norms/un-gge-2015/13d/';

/** The pictures of the README: file, page, and what is done before. */
const README = [
  ['norm-page.png', NORM],
  ['matrix.png', 'matrix/'],
  ['search.png', 'search/?q=critical+infrastructure'],
];

const arguments_ = process.argv.slice(2);
const server = await serve();
const browser = await launch();
try {
  if (arguments_[0] === '--readme') await takeReadme(join(ROOT, '.github'));
  else if (arguments_.length === 1) await takeAll(resolve(arguments_[0]));
  else throw new Error('name a folder for the pictures, or --readme');
} finally {
  await browser.close();
  await server.close();
}

async function takeAll(folder) {
  mkdirSync(folder, { recursive: true });
  const pages = [...onePageOfEachKind('handbook')].map(([kind, path]) => [kind, server.url('handbook', path)]);
  pages.push(['found', server.url('handbook', 'search/?q=critical+infrastructure')]);
  for (const path of allPages('languages').filter((path) => path.startsWith('ar/'))) {
    pages.push([`right-${kindOf('languages', path)}`, server.url('languages', path)]);
  }
  for (const [view, width, options] of VIEWS) {
    await inWindow({ viewport: { width, height: 900 }, ...options }, async (page) => {
      for (const [name, address] of pages) {
        await page.goto(address, { waitUntil: 'networkidle' });
        await page.screenshot({ path: join(folder, `${name}-${view}.png`), fullPage: true });
      }
    });
  }
  await inWindow({}, async (page) => {
    for (const [name, address] of pages) {
      await page.goto(address);
      await print(page, join(folder, `${name}-print`));
    }
  });
}

async function takeReadme(folder) {
  const window = { viewport: { width: 1280, height: 860 } };
  await inWindow(window, async (page) => {
    for (const [name, path] of README) {
      await page.goto(server.url('handbook', path), { waitUntil: 'networkidle' });
      await takeSmall(page, join(folder, name));
    }
  });
}

async function inWindow(options, body) {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', colorScheme: 'light', ...options });
  await body(await context.newPage());
  await context.close();
}

/** A picture with few colours, which keeps the repository small. */
async function takeSmall(page, path) {
  writeFileSync(path, await page.screenshot());
  await promisify(execFile)('pngquant', ['--force', '--ext', '.png', '--speed', '1', '64', path]);
}

/** The sheets of a page: at most three, as pictures. */
async function print(page, path) {
  writeFileSync(`${path}.pdf`, await page.pdf({ format: 'A4' }));
  await promisify(execFile)('pdftoppm', ['-png', '-r', '72', '-l', '3', `${path}.pdf`, path]);
}
