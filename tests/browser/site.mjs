// The handbooks under test, built once for a whole run, and a plain web
// server for them: under a sub-path, with the strictest policy that a
// publisher may set, and nothing that only a clever server can do.

import { createServer } from 'node:http';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where handbooks are published on the test's server: below a folder. */
const PREFIX = '/some/path/';

/** No inline script or style, nothing from elsewhere. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'", // the page for lost addresses reads the list of all
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
};

/** The folder that holds one built site a name; `run` makes it. */
const SITES = process.env.NORMBOOK_SITES;
if (!SITES) throw new Error('NORMBOOK_SITES is not set: start the tests with tests/browser/run');

/** The folder of a built site: `handbook` is the one of this repository. */
export function folder(site) {
  return join(SITES, site);
}

/** Every file below a folder, as sorted paths with `/`. */
function filesBelow(root, below = '') {
  const entries = readdirSync(join(root, below), { withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = below + entry.name;
    return entry.isDirectory() ? filesBelow(root, `${path}/`) : [path];
  });
  return paths.sort();
}

/** The HTML files of a site, without the pages that only lead elsewhere. */
export function pages(site) {
  const paths = filesBelow(folder(site)).filter((path) => path.endsWith('.html'));
  return paths.filter((path) => !read(site, path).includes('http-equiv="refresh"'));
}

/** The text of a file of a site. */
export function read(site, path) {
  return readFileSync(join(folder(site), path), 'utf8');
}

/** What kind of page an HTML file is, as its body says. */
export function kindOf(site, path) {
  return /<body[^>]* class="page-([a-z-]+)/.exec(read(site, path))?.[1];
}

/**
 * One page of each kind: the longest, since it shows most. A map from the
 * kind to the path of the page.
 */
export function onePageOfEachKind(site) {
  const longest = new Map();
  for (const path of pages(site)) {
    const kind = kindOf(site, path);
    if (!kind) throw new Error(`${path} does not say what kind of page it is`);
    const size = statSync(join(folder(site), path)).size;
    if (size > (longest.get(kind)?.size ?? 0)) longest.set(kind, { path, size });
  }
  return new Map([...longest].map(([kind, { path }]) => [kind, path]));
}

/** The address of a page of a site opened from disk. */
export function fileUrl(site, path) {
  const [file, ...rest] = path.split(/(?=[?#])/);
  const named = file === '' || file.endsWith('/') ? `${file}index.html` : file;
  return pathToFileURL(join(folder(site), named)).href + rest.join('');
}

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Serves all sites on a free port of the loopback address. */
export async function serve() {
  const server = createServer((request, response) => answer(request.url, response));
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    url: (site, path) => `${origin}${PREFIX}${site}/${path}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(address, response) {
  const { status, bytes, type } = find(decodeURI(address.split('?')[0]));
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
  response.end(bytes);
}

function find(path) {
  const inside = normalize(path);
  if (inside.startsWith(PREFIX)) {
    const file = inside.endsWith('/') ? `${inside}index.html` : inside;
    try {
      const bytes = readFileSync(join(SITES, file.slice(PREFIX.length)));
      return { status: 200, bytes, type: TYPES[extname(file)] ?? 'application/octet-stream' };
    } catch (error) {
      if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code)) throw error;
    }
  }
  return { status: 404, bytes: Buffer.from('nothing here\n'), type: 'text/plain' };
}
