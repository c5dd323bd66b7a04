// Asks the search of a built site: node ask.mjs SITE QUERY...
// For each question it prints a line of JSON: what was found, by kind and in
// order, the sentences that match and their anchors, the counts of the facets, what was loaded
// (bytes as gzip sends them), and the processor time in ms: of the first answer
// with all that is loaded for it, and of the same answer once that is there.
//
// A question may name values of facets: `cooperate theme=data-security`.

import { gzipSync } from 'node:zlib';
import { searcher } from './searcher.mjs';

const [site, ...questions] = process.argv.slice(2);

async function ask(search, question) {
  const chosen = new Map();
  const query = question.replace(/\b(kind|theme|forum|status|actor)=(\S+)/g, (_, name, value) => {
    chosen.set(name, (chosen.get(name) ?? new Set()).add(value));
    return '';
  }).trim();
  const first = process.cpuUsage();
  const { index, counts, documents, partial, missing, shown } = await answer(search, query, chosen);
  const loaded = milliseconds(process.cpuUsage(first));
  const again = process.cpuUsage();
  await answer(search, query, chosen);
  const repeated = milliseconds(process.cpuUsage(again));
  const facets = Object.fromEntries(index.facets.map(({ name, values }, at) => [
    name,
    Object.fromEntries(values.map(([id], place) => [id, counts[at][place]]).filter(([, count]) => count)),
  ]));
  const cost = { files: search.loaded.size, bytes: 0, loaded, repeated };
  for (const bytes of search.loaded.values()) cost.bytes += gzipSync(bytes).length;
  return { question, found: documents.length, partial, missing, shown, facets, cost };
}

const milliseconds = ({ user, system }) => (user + system) / 1000;

/** What the page shows at first: a few of each kind, with their sentences. */
async function answer(search, query, chosen) {
  const found = await search.find(query, chosen);
  const shown = await Promise.all(search.grouped(found).map(async ({ id, documents, show }) => {
    const hits = await Promise.all(documents.slice(0, show).map(async (document) => {
      const { title, name, lines } = await search.text(found.index, document);
      const { text, anchor } = search.sentence(found, lines) ?? {};
      return { title, name, sentence: text, anchor };
    }));
    return { kind: id, hits };
  }));
  return { ...found, shown };
}

for (const question of questions) console.log(JSON.stringify(await ask(searcher(site), question)));
