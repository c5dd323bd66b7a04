// Pictures of every kind of page, to look at: tests/browser/run screenshots DIR
//
// A page of each kind at four widths, at one in the dark, and as printed
// sheets. With --readme and no folder the pictures of the README are made
// anew instead, for which Debian's pngquant is needed.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { launch } from './chromium.mjs';
import { ROOT, onePageOfEachKind, serve } from './site.mjs';

const WIDTHS = [360, 768, 1280, 1920];

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
  const pages = onePageOfEachKind('handbook');
  for (const scheme of ['light', 'dark']) {
    for (const width of scheme === 'light' ? WIDTHS : [1280]) {
      await inWindow({ colorScheme: scheme, viewport: { width, height: 900 } }, async (page) => {
        for (const [kind, path] of pages) {
          await page.goto(server.url('handbook', path));
          const name = scheme === 'dark' ? `${kind}-dark.png` : `${kind}-${width}.png`;
          await page.screenshot({ path: join(folder, name), fullPage: true });
        }
      });
    }
  }
  await inWindow({}, async (page) => {
    for (const [kind, path] of pages) {
      await page.goto(server.url('handbook', path));
      await print(page, join(folder, `${kind}-print`));
    }
  });
}

async function takeReadme(folder) {
  const window = { colorScheme: 'light', viewport: { width: 1280, height: 860 } };
  await inWindow(window, async (page) => {
    for (const [name, path] of README) {
      await page.goto(server.url('handbook', path), { waitUntil: 'networkidle' });
      await takeSmall(page, join(folder, name));
    }
  });
}

async function inWindow(options, body) {
  const context = await browser.newContext({ reducedMotion: 'reduce', locale: 'en-GB', ...options });
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
