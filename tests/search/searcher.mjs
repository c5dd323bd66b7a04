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
            run(read(script.src), ['normbook'], window.normbook);
          } catch (error) {
            return script.onerror(error);
          }
          return script.onload();
        });
      },
    },
  };
  const window = {};
  run(readFileSync(join(site, 'theme/search.js'), 'utf8'), ['document', 'window'], document, window);
  return { ...window.normbook.search, loaded };
}

/** Runs a script for which these names are global, as fast as in a browser: a
 * context of its own would make every look at a global slow. */
function run(text, names, ...values) {
  vm.compileFunction(text, names)(...values);
}
