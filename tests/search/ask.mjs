// Asks the search of a built site: node ask.mjs SITE QUERY...
// For each question it prints a line of JSON: what was found, by kind and in
// order, the sentences that match, the counts of the facets, what was loaded
// (bytes as gzip sends them) and how long the answer took.
//
// A question may name values of facets: `cooperate theme=data-security`.

import { gzipSync } from 'node:zlib';
import { searcher } from './searcher.mjs';

const [site, ...questions] = process.argv.slice(2);
const SHOWN = { first: 6, other: 3 };

async function ask(search, question) {
  const chosen = new Map();
  const query = question.replace(/\b(kind|theme|forum|status|actor)=(\S+)/g, (_, name, value) => {
    chosen.set(name, (chosen.get(name) ?? new Set()).add(value));
    return '';
  }).trim();
  const before = process.cpuUsage();
  const { index, documents, counts, looked, partial, missing } = await search.find(query, chosen);
  const shown = await show(search, index, documents, looked);
  const { user, system } = process.cpuUsage(before);
  const facets = Object.fromEntries(index.facets.map(({ name, values }, at) => [
    name,
    Object.fromEntries(values.map(([id], place) => [id, counts[at][place]]).filter(([, count]) => count)),
  ]));
  const cost = { files: search.loaded.size, bytes: 0, cpu: (user + system) / 1000 };
  for (const bytes of search.loaded.values()) cost.bytes += gzipSync(bytes).length;
  return { question, found: documents.length, partial, missing, shown, facets, cost };
}

/** What the page shows at first: a few of each kind. */
async function show(search, index, documents, looked) {
  const kinds = index.facets.find(({ name }) => name === 'kind');
  const groups = new Map();
  for (const document of documents) {
    const kind = kinds.values[kinds.sets[kinds.of[document]][0]][0];
    const most = groups.has(kind) || !groups.size ? groups.get(kind)?.most ?? SHOWN.first : SHOWN.other;
    const group = groups.get(kind) ?? { kind, most, hits: [] };
    groups.set(kind, group);
    if (group.hits.length < most) group.hits.push(document);
  }
  for (const group of groups.values()) {
    group.hits = await Promise.all(group.hits.map(async (document) => {
      const { title, name, lines } = await search.text(index, document);
      return { title, name, sentence: search.sentence(index, looked, lines) };
    }));
  }
  return [...groups.values()].map(({ kind, hits }) => ({ kind, hits }));
}

for (const question of questions) console.log(JSON.stringify(await ask(searcher(site), question)));
