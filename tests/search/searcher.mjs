// The theme's search script without a browser: it reads the files of a built
// site as a page would load them, and counts what it loads.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';

/** Opens the search of a site. `loaded` maps the names of files to bytes. */
export function searcher(site) {
  const loaded = new Map();
  const read = (address) => {
    const path = fileURLToPath(new URL(address.split('?')[0]));
    const bytes = readFileSync(path);
    loaded.set(path.slice(site.length + 1), bytes);
    return bytes.toString('utf8');
  };
  const document = {
    currentScript: { src: pathToFileURL(join(site, 'theme/search.js')).href },
    createElement: () => ({}),
    getElementById: () => null,
    head: {
      append(script) {
        // As a browser does: later, and then one of two calls.
        setImmediate(() => {
          try {
            vm.runInContext(read(script.src), context);
          } catch (error) {
            return script.onerror(error);
          }
          return script.onload();
        });
      },
    },
  };
  const context = vm.createContext({ document, URL, Intl, console });
  context.window = context;
  vm.runInContext(readFileSync(join(site, 'theme/search.js'), 'utf8'), context);
  return { ...context.normbook.search, loaded };
}
