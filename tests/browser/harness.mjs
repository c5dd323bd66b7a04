// A reader's browser for one test. Whatever goes wrong behind the page fails
// the test: a message on the console, an exception, a request that fails or
// that leaves the site.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch } from './chromium.mjs';
import { fileUrl, folder, serve } from './site.mjs';

let browser;
let server;

/** The first page that is asked for starts the browser and the server. */
async function start() {
  server ??= await serve();
  browser ??= await launch();
}

after(async () => {
  await browser?.close();
  await server?.close();
});

/**
 * A test of pages in the browser. The body gets `open(path, options)`, which
 * opens a page of the handbook and returns Playwright's page, and
 * `report(line)`, which prints a number that was measured. Options of `open`:
 *
 * - `from`: `"http"` (below a sub-path, with a strict policy) or `"file"`;
 * - `site`: `"handbook"` or the name of a golden handbook;
 * - `scheme`: `"light"` or `"dark"`; `contrast: "more"`; `forcedColors: true`;
 * - `width`, `height`: of the window, in CSS pixels;
 * - `javascript`: false to switch scripts off;
 * - `touch`: true for a finger instead of a mouse;
 * - `prepare`: a function of the page, called before anything is loaded.
 */
export function check(name, body) {
  test(name, { timeout: 300_000 }, async (t) => {
    none(await complaints((open) => body(open, (line) => t.diagnostic(line))));
  });
}

/** Fails with the items of a list of what is wrong, one a line, the first few. */
export function none(wrong) {
  if (wrong.length > 0) assert.fail(`${wrong.length} wrong:\n${wrong.slice(0, 20).join('\n')}`);
}

/** Runs the body of a check and returns what went wrong behind its pages. */
export async function complaints(body) {
  await start();
  const contexts = [];
  const heard = new Set();
  const open = async (path, options = {}) => {
    const context = await browser.newContext(settings(options));
    contexts.push(context);
    listen(context, heard);
    const page = await context.newPage();
    await options.prepare?.(page);
    await page.goto(address(path, options), { waitUntil: 'load' });
    return page;
  };
  try {
    await body(open);
  } finally {
    await Promise.all(contexts.map((context) => context.close()));
  }
  return [...heard];
}

/**
 * Opens one path after the other in the same window, which is much quicker
 * than a window for each, and calls the body with the page and the path.
 */
export async function visit(open, paths, options, body) {
  let page;
  for (const path of paths) {
    if (page) await page.goto(address(path, options), { waitUntil: 'load' });
    else page = await open(path, options);
    await body(page, path);
  }
}

/** The address of a page, as `open` takes it, for links and comparisons. */
export function address(path, { from = 'http', site = 'handbook' } = {}) {
  return from === 'file' ? fileUrl(site, path) : server.url(site, path);
}

function settings(options) {
  return {
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.scheme ?? 'light',
    contrast: options.contrast ?? null,
    forcedColors: options.forcedColors ? 'active' : 'none',
    reducedMotion: 'reduce', // or positions are asked for on the way
    javaScriptEnabled: options.javascript ?? true,
    hasTouch: options.touch ?? false,
    locale: 'en-GB',
    timezoneId: 'UTC',
  };
}

function listen(context, heard) {
  const from = [`${server.origin}/`, pathToFileURL(folder('')).href, 'about:blank', 'data:'];
  context.on('request', (request) => {
    const inside = from.some((start) => request.url().startsWith(start));
    if (!inside) heard.add(`asks another host: ${request.url()}`);
  });
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // The browser's own doing: the reader went on before all was there.
    if (reason !== 'net::ERR_ABORTED') heard.add(`fails: ${request.url()}: ${reason}`);
  });
  context.on('response', (response) => {
    if (response.status() >= 400) heard.add(`${response.status()}: ${response.url()}`);
  });
  context.on('console', (message) => {
    heard.add(`says ${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => heard.add(`throws: ${error.error()}`));
}
