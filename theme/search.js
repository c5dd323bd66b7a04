// Searches the handbook on the search page, also when it was opened from disk.
//
// The index is made by `normbook build` (src/search): plain scripts below
// `search/`, each a call of `normbook.search`, loaded on first use and only
// those that the question needs. Without this file the page names the other
// ways in.
'use strict';
(() => {
  const SHOWN_FIRST = [5, 2, 2, 2]; // results of each kind at first, the best kind before; else one
  const MORE = 10; // results that "Show more" adds
  const MOST_WORDS = 8; // words of a question that count
  const MOST_TERMS = 48; // terms that a beginning of a word stands for
  const MOST_FILES = 3; // files of terms read for one beginning
  const LONGEST_SENTENCE = 260; // in characters
  const PAUSE = 120; // after the last key, in ms

  const root = new URL('../', document.currentScript.src);
  const store = window.normbook ??= {};
  const given = new Map();
  const files = new Map();
  store.search = (name, mark, data) => given.set(name, { mark, data });

  // A file of the index. One that does not bear the mark that the index names
  // is a leftover of an earlier build, which a browser may have kept.
  function load(name, mark = '') {
    if (!files.has(name)) {
      files.set(name, new Promise((done, fail) => {
        const failed = () => {
          files.delete(name);
          fail(new Error(name));
        };
        const script = document.createElement('script');
        const address = new URL(`search/${name}.js`, root);
        if (mark) address.search = `v=${mark}`;
        script.src = address.href;
        script.onload = () => {
          const file = given.get(name);
          given.delete(name);
          if (file?.mark === mark) done(file.data);
          else failed();
        };
        script.onerror = failed;
        document.head.append(script);
      }));
    }
    return files.get(name);
  }

  // ---- Words: the rules of src/tokens, with its tables ----

  const [OTHER, LETTER, GRAM, SIGN, APOSTROPHE, IGNORED] = [0, 1, 2, 3, 4, 5];

  function rulesOf(letters) {
    const classes = new Uint8Array(0x40000);
    const paint = (distances, value) => {
      let at = 0;
      for (let i = 0; i < distances.length; i += 2) {
        const first = at += distances[i];
        at += distances[i + 1];
        classes.fill(value, first, at + 1);
      }
    };
    paint(letters.letters, LETTER);
    paint(letters.grams, GRAM);
    paint(letters.ignored, IGNORED);
    for (const sign of letters.signs) classes[sign.codePointAt(0)] = SIGN;
    for (const sign of letters.apostrophes) classes[sign.codePointAt(0)] = APOSTROPHE;
    const folds = new Map();
    for (const fold of letters.folds.split(' ')) folds.set(fold.charCodeAt(0), fold.slice(1));
    // Most texts stay among the first characters.
    const first = Array.from({ length: 0x600 }, (_, c) => {
      const small = c >= 65 && c <= 90 ? c + 32 : c;
      return folds.get(c) ?? String.fromCharCode(small);
    });
    return { ...letters, classes, folds, first, stop: new Set(letters.stop) };
  }

  // Hands the tokens of a text to `take`: folded characters, form, and where
  // they stand.
  function cut(rules, text, take) {
    let groups = []; // words of the present run: text, length, start, end
    let gap = 0;
    let closed = 0;
    let afterApostrophe = false;
    let lastWasApostrophe = false;
    let grams = [];

    const words = (form) => {
      for (const group of groups) {
        if (!rules.stop.has(group.text)) take(group.text, form, group.start, group.end);
      }
    };
    const endRun = (atApostrophe) => {
      if (!groups.length) return;
      const last = groups[groups.length - 1];
      let length = 0;
      for (const group of groups) length += group.length;
      if (groups.length === 1) {
        if (length > 1 || !(afterApostrophe || atApostrophe)) words('word');
      } else if (groups.length <= rules.parts && length <= rules.longest) {
        const whole = groups.map((group) => group.text).join('');
        take(whole, 'compound', groups[0].start, closed || last.end);
        words('part');
      } else {
        words('word');
      }
      groups = [];
      gap = closed = 0;
      afterApostrophe = false;
    };
    const endGrams = () => {
      if (grams.length === 1) take(grams[0].text, 'gram', grams[0].start, grams[0].end);
      for (let i = 1; i < grams.length; i++) {
        take(grams[i - 1].text + grams[i].text, 'gram', grams[i - 1].start, grams[i].end);
      }
      if (grams.length > 1) {
        const last = grams[grams.length - 1];
        take(last.text, 'last', last.start, last.end);
      }
      grams = [];
    };

    for (let start = 0, end; start < text.length; start = end) {
      const c = text.codePointAt(start);
      end = start + (c > 0xffff ? 2 : 1);
      const kind = rules.classes[c] ?? OTHER;
      if (kind === IGNORED) {
        if (groups.length && gap === 0) groups[groups.length - 1].end = end;
        continue;
      }
      if (kind !== GRAM && grams.length) endGrams();
      if (kind === OTHER) {
        if (groups.length) endRun(false);
        lastWasApostrophe = false;
        continue;
      }
      const folded = c < rules.first.length ? rules.first[c] : rules.folds.get(c) ?? String.fromCodePoint(c);
      if (kind === LETTER) {
        if (!groups.length) afterApostrophe = lastWasApostrophe;
        if (!groups.length || gap > 0) {
          groups.push({ text: '', length: 0, start, end });
          gap = closed = 0;
        }
        const group = groups[groups.length - 1];
        group.end = end;
        if (folded.length === 1 && group.length < rules.longest) {
          group.text += folded;
          group.length++;
        } else {
          for (const part of folded) {
            if (group.length < rules.longest) {
              group.text += part;
              group.length++;
            }
          }
        }
      } else if (kind === GRAM) {
        endRun(false);
        grams.push({ text: folded, start, end });
      } else if (kind === SIGN && groups.length && gap < rules.gap) {
        if (text[start] === ')' && gap === 0) closed = end;
        gap++;
      } else {
        endRun(kind === APOSTROPHE && gap === 0);
      }
      lastWasApostrophe = kind === APOSTROPHE;
    }
    endRun(false);
    endGrams();
  }

  // ---- The index ----

  const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const VALUES = new Uint8Array(128);
  const bytes = new TextEncoder();
  for (let i = 0; i < 64; i++) VALUES[DIGITS.charCodeAt(i)] = i;

  let opened;
  function open() {
    opened ??= Promise.all([load('letters'), load('index')]).then(([letters, index]) => {
      for (const facet of index.facets) {
        facet.digits = bytes.encode(facet.documents);
        facet.places = new Map(facet.values.map(([id], place) => [id, place]));
      }
      for (const shards of [index.terms, index.endings]) {
        shards.files = shards.first.filter((first, at) => first || at === 0).length;
      }
      let begin = 0;
      index.begins = index.texts.map((count) => (begin += count) - count);
      return { ...index, rules: rulesOf(letters) };
    });
    opened.catch(() => { opened = undefined; });
    return opened;
  }

  const marked = (marks, number) => marks.slice(5 * number, 5 * number + 5);

  // The place of the first item that is not less.
  function bound(items, item, count = items.length) {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (items[middle] < item) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The terms of a sort that begin so, from a few files.
  async function beginning(index, sort, begin, most = MOST_FILES) {
    const shards = index[sort];
    const from = bound(shards.first, begin, shards.files);
    // The file before may end with such terms, unless this one begins with it.
    const first = Math.max(0, shards.first[from] === begin && from < shards.files ? from : from - 1);
    const last = Math.max(first, bound(shards.first, `${begin}\uffff`, shards.files) - 1);
    const numbers = [];
    for (let i = first; i <= Math.min(last, first + most - 1); i++) numbers.push(i);
    const loaded = await Promise.all(numbers.map((number) => shard(shards, sort, number)));
    const found = [];
    for (const { terms, postings } of loaded) {
      for (let i = bound(terms, begin); i < terms.length && terms[i].startsWith(begin); i++) {
        found.push({ term: terms[i], postings: postings[i] });
      }
    }
    return found;
  }

  async function shard(shards, sort, number) {
    const data = await load(`${sort}-${number}`, marked(shards.marks, number));
    // Split once; the file is kept.
    data.terms ??= data[0].split(' ');
    data.postings ??= data[1].split(' ');
    return data;
  }

  async function exact(index, term) {
    const [first] = await beginning(index, 'terms', term, 1);
    return first?.term === term ? first : undefined;
  }

  // ---- Questions ----

  // The words of a question. The last may still be in the typing.
  function words(index, query) {
    const found = [];
    cut(index.rules, query, (text, form, start, end) => {
      const last = found[found.length - 1];
      if (form === 'part') last.parts.push({ text, form: 'word', shown: query.slice(start, end), parts: [] });
      else if (form !== 'last') found.push({ text, form, shown: query.slice(start, end), end, parts: [] });
    });
    const last = found[found.length - 1];
    if (last) last.open = last.end === query.length;
    const texts = new Set();
    return found.filter(({ text }) => !texts.has(text) && texts.add(text)).slice(0, MOST_WORDS);
  }

  // The terms that a word stands for, each with how well it fits, from 0 to 1.
  async function terms(index, word) {
    const single = word.form === 'gram' && [...word.text].length === 1;
    const digits = /\p{N}/u.test(word.text);
    const short = word.text.length < 3 && !single;
    // The first file is enough for the word itself and, if it is one, for more.
    let all = await beginning(index, 'terms', word.text, 1);
    if (all[0]?.term !== word.text && (word.form !== 'gram' || single)) all = await beginning(index, 'terms', word.text);
    const is = all.filter(({ term }) => term === word.text).map((found) => ({ ...found, fit: 1 }));
    if (is.length && (digits || (word.form === 'gram' && !single) || (short && !word.open))) return is;
    if (word.form === 'gram' && !single) return is;
    const longer = all.filter(({ term }) => term !== word.text);
    longer.sort((a, b) => b.postings.length - a.postings.length);
    const begun = longer.slice(0, MOST_TERMS)
      .map((found) => ({ ...found, fit: 0.7 * Math.sqrt(word.text.length / found.term.length) }));
    if (is.length || begun.length) return [...is, ...begun];
    if (digits || word.form === 'gram' || word.text.length < 4) return [];
    word.mistaken = true;
    return (await forgiven(index, word.text)).map((found) => ({ ...found, fit: 0.5 }));
  }

  // Whether two words differ by one letter that is wrong, missing, too much or
  // in the place of its neighbour; `open` lets the second go on.
  function near(a, b, open = false) {
    let at = 0;
    while (at < a.length && a[at] === b[at]) at++;
    const fits = (from, to) => (open ? b.slice(to).startsWith(a.slice(from)) : a.slice(from) === b.slice(to));
    const swapped = a[at] === b[at + 1] && a[at + 1] === b[at] && at + 1 < a.length;
    return fits(at + 1, at + 1) || fits(at + 1, at) || fits(at, at + 1) || (swapped && fits(at + 2, at + 2));
  }

  const reversed = (text) => [...text].reverse().join('');

  // Terms that differ by one mistake. Either the first half of the word is
  // right, or the second, or the letters at the border are swapped.
  async function forgiven(index, text) {
    const half = text.length >> 1;
    const ending = reversed(text).slice(0, Math.max(2, text.length - half - 1));
    const swap = text.slice(0, half - 1) + text[half] + text[half - 1] + text.slice(half + 1);
    const [begun, ended, swapped] = await Promise.all([
      beginning(index, 'terms', text.slice(0, half)),
      beginning(index, 'endings', ending),
      exact(index, swap),
    ]);
    const found = new Map(begun.filter(({ term }) => near(text, term)).map((found) => [found.term, found]));
    const others = ended.map(({ term }) => reversed(term)).filter((term) => near(text, term) && !found.has(term));
    const fetched = await Promise.all(others.slice(0, 4).map((term) => exact(index, term)));
    for (const other of [swapped, ...fetched]) if (other) found.set(other.term, other);
    if (!found.size && text.length > 4) {
      for (const other of begun) if (near(text, other.term, true)) found.set(other.term, other);
    }
    const all = [...found.values()].sort((a, b) => b.postings.length - a.postings.length);
    return all.slice(0, 8);
  }

  // Which documents have a word, and how much of it each has, from 0 to 1.
  function weigh(index, found) {
    const best = new Float32Array(index.documents);
    const documents = new Uint32Array(index.documents);
    let count = 0;
    for (const { postings, fit } of found) {
      count = readPostings(bytes.encode(postings), fit / index.steps, best, documents, count);
    }
    return { best, documents: documents.subarray(0, count) };
  }

  // Distances and weights, in digits of five bits, as in src/search/postings.rs.
  function readPostings(digits, step, best, documents, count) {
    for (let at = 0, document = -1; at < digits.length;) {
      let digit = VALUES[digits[at++]];
      let distance = digit & 31;
      for (let shift = 5; digit > 31; shift += 5) {
        digit = VALUES[digits[at++]];
        distance |= (digit & 31) << shift;
      }
      document += distance + 1;
      const weight = step * VALUES[digits[at++]];
      const before = best[document];
      if (before === 0) documents[count++] = document;
      if (weight > before) best[document] = weight;
    }
    return count;
  }

  // The same for a word that also counts, a little less, where all its parts
  // stand.
  function weighWith(parts, { best, documents }) {
    const also = [];
    const [first, ...others] = parts;
    for (let i = 0; i < first.documents.length; i++) {
      const document = first.documents[i];
      let least = first.best[document];
      for (let part = 0; part < others.length; part++) {
        if (others[part].best[document] < least) least = others[part].best[document];
      }
      if (least === 0) continue;
      if (best[document] === 0) also.push(document);
      if (best[document] < 0.8 * least) best[document] = 0.8 * least;
    }
    const all = new Uint32Array(documents.length + also.length);
    all.set(documents);
    all.set(also, documents.length);
    return { best, documents: all };
  }

  // Looks a word up: its terms, and what each document has of it. A compound
  // without digits, such as `co-operate`, also counts where its parts stand.
  async function lookUp(index, word) {
    const own = await terms(index, word);
    if (word.parts.length < 2 || (own.length && /\p{N}/u.test(word.text))) {
      return [{ word, terms: own, ...weigh(index, own) }];
    }
    const parts = await Promise.all(word.parts.map((part) => terms(index, part)));
    const weights = parts.map((found) => weigh(index, found));
    if (!own.length) return word.parts.map((part, at) => ({ word: part, terms: parts[at], ...weights[at] }));
    return [{ word, terms: [...own, ...parts.flat()], ...weighWith(weights, weigh(index, own)) }];
  }

  // The documents that fit a question best: all its words where any document
  // has them all, else as many as any has.
  async function find(query, chosen) {
    const index = await open();
    const asked = words(index, query);
    const looked = (await Promise.all(asked.map((word) => lookUp(index, word)))).flat();
    const scores = new Float32Array(index.documents);
    const hits = new Uint8Array(index.documents);
    for (const found of looked) {
      const count = found.documents.length;
      found.rarity = Math.log(1 + (index.documents - count + 0.5) / (count + 0.5));
      score(found, scores, hits);
    }
    let most = looked.length;
    while (most > 0 && !hits.includes(most)) most--;
    const none = looked.length > 0 ? most === 0 : query.trim() !== '' || !chosen.size;
    const { documents, counts } = narrow(index, chosen, none ? [] : allWith(hits, most));
    if (looked.length) rank(documents, scores);
    return seek({ index, documents, counts, looked, partial: most < looked.length, missing: missing(looked) });
  }

  function score({ documents, best, rarity }, scores, hits) {
    for (let i = 0; i < documents.length; i++) {
      const document = documents[i];
      scores[document] += rarity * best[document];
      hits[document]++;
    }
  }

  function allWith(hits, count) {
    const documents = [];
    for (let i = hits.indexOf(count); i >= 0; i = hits.indexOf(count, i + 1)) documents.push(i);
    return documents;
  }

  // Sorts by score, then by place. The two become one number, since numbers
  // alone are sorted much sooner than by a function that compares.
  function rank(documents, scores) {
    const [steps, most] = [0x100000, 0x400000];
    const keys = new Float64Array(documents.length);
    for (let i = 0; i < keys.length; i++) keys[i] = documents[i] - Math.round(scores[documents[i]] * steps) * most;
    keys.sort();
    for (let i = 0; i < keys.length; i++) documents[i] = (keys[i] - Math.floor(keys[i] / most) * most) >>> 0;
  }

  // Words that no document has, and those that were taken for others.
  function missing(looked) {
    const unknown = looked.filter(({ terms }) => !terms.length).map(({ word }) => word.shown);
    const mended = looked.filter(({ word, terms }) => word.mistaken && terms.length)
      .map(({ word, terms }) => ({ typed: word.shown, taken: terms.map(({ term }) => term) }));
    return { unknown, mended };
  }

  // The place of a document's values in a facet's list of combinations.
  function combination({ digits, width }, document) {
    let place = 0;
    const end = (document + 1) * width;
    for (let at = end - width; at < end; at++) place = place << 6 | VALUES[digits[at]];
    return place;
  }

  // The documents that have a chosen value of every facet, and how many there
  // would be for each value if only the other facets were chosen.
  function narrow(index, chosen, documents) {
    const missed = new Uint8Array(documents.length);
    const bad = new Uint8Array(documents.length);
    index.facets.forEach((facet, number) => {
      if (!chosen.has(facet.name)) return;
      const places = new Set([...chosen.get(facet.name)].map((id) => facet.places.get(id)));
      const good = facet.sets.map((set) => set.some((place) => places.has(place)));
      for (let i = 0; i < documents.length; i++) {
        if (good[combination(facet, documents[i])]) continue;
        missed[i]++;
        bad[i] = number;
      }
    });
    const counts = index.facets.map((facet, number) => {
      const sets = new Uint32Array(facet.sets.length);
      for (let i = 0; i < documents.length; i++) {
        if (missed[i] === 0 || (missed[i] === 1 && bad[i] === number)) sets[combination(facet, documents[i])]++;
      }
      const counts = new Uint32Array(facet.values.length);
      facet.sets.forEach((set, at) => { for (const place of set) counts[place] += sets[at]; });
      return counts;
    });
    return { documents: chosen.size ? documents.filter((_, i) => missed[i] === 0) : documents, counts };
  }

  // What is shown of a document.
  async function text(index, document) {
    const number = bound(index.begins, document + 1) - 1;
    const texts = await load(`texts-${number}`, marked(index.text_marks, number));
    const [href, title, name, facts, language, summary, ...lines] = texts[document - index.begins[number]].split('\n');
    return { href, title, name, facts, language, summary, lines };
  }

  // Where words of the question stand in a text: start, end, which word.
  function places({ index, looked, words }, text) {
    const found = [];
    cut(index.rules, text, (token, form, start, end) => {
      const word = words.get(token);
      if (word !== undefined && (form !== 'last' || looked[word].word.form === 'gram')) found.push({ start, end, word });
    });
    return found;
  }

  // Prepares to look for the words of a question in texts: which word each
  // term belongs to, and an expression for what may hold one, which is much
  // sooner done than to cut a text into words.
  function seek(found) {
    const words = new Map();
    found.looked.forEach(({ terms }, word) => {
      for (const { term } of terms) if (!words.has(term)) words.set(term, word);
    });
    const begins = [];
    for (const term of [...words.keys()].sort()) {
      if (!begins.length || !term.startsWith(begins[begins.length - 1])) begins.push(term);
    }
    const spread = begins.map((term) => (/^[a-z0-9]/.test(term) ? '(?:^|[^a-z0-9])' : '') + [...term].join('[^a-z0-9]*'));
    const all = found.looked.reduce((sum, { rarity, terms }) => sum + (terms.length ? rarity : 0), 0);
    return { ...found, words, all, may: new RegExp(spread.join('|') || '$^', 'i') };
  }

  const mayHold = ({ index, may }, text) =>
    may.test(text.replace(/[^\x00-\x7f]/g, (c) => index.rules.folds.get(c.charCodeAt(0)) ?? c));

  const sentences = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter(undefined, { granularity: 'sentence' }) : undefined;

  // After these a sentence goes on, though Unicode's rules end one there.
  const SHORTENED = /\b(?:paras?|pp?|arts?|nos?|vols?|chs?|secs?|cf|eds?|figs?|[A-Z])[.]\s*$/i;

  function cutSentences(line) {
    if (!sentences) return [line];
    const parts = [];
    for (const { segment } of sentences.segment(line)) {
      if (SHORTENED.test(parts[parts.length - 1] ?? '')) parts[parts.length - 1] += segment;
      else parts.push(segment);
    }
    return parts;
  }

  // How much of the question stands at some places: rare words are worth more.
  function worth({ looked }, places) {
    let sum = 0;
    for (const word of new Set(places.map(({ word }) => word))) sum += looked[word].rarity;
    return sum;
  }

  // The sentence with the most and the rarest words of the question, and the
  // anchor that it stands at.
  function sentence(sought, lines) {
    let best = { score: 0 };
    let anchor = '';
    for (const line of lines) {
      if (line.startsWith('\t')) anchor = line.slice(1);
      if (line.startsWith('\t') || !mayHold(sought, line)) continue;
      for (const part of cutSentences(line)) {
        if (!mayHold(sought, part)) continue;
        const found = places(sought, part);
        const score = worth(sought, found);
        if (score > best.score) best = { score, part, first: found[0].start, anchor };
      }
      if (best.score >= sought.all) break;
    }
    return best.part && { ...best, text: clipped(best.part.trim(), best.first) };
  }

  // A long sentence from a little before the first match.
  function clipped(text, first) {
    if (text.length <= LONGEST_SENTENCE) return text;
    const from = first < LONGEST_SENTENCE - 60 ? 0 : text.indexOf(' ', first - 80) + 1 || first - 80;
    let to = Math.min(text.length, from + LONGEST_SENTENCE);
    if (to < text.length) to = Math.max(text.lastIndexOf(' ', to), first + 40);
    return `${from ? '… ' : ''}${text.slice(from, to)}${to < text.length ? ' …' : ''}`;
  }

  // For programs that test or measure.
  Object.assign(store.search, {
    find,
    grouped,
    text,
    tokens: async (text) => {
      const found = [];
      cut((await open()).rules, text, (token, form, start, end) => found.push([token, form, text.slice(start, end)]));
      return found;
    },
    sentence,
    mayHold: async (term, text) => mayHold(seek({ index: await open(), looked: [{ terms: [{ term }] }] }), text),
  });

  // ---- The page ----

  const form = document.getElementById('nb-search');
  if (!form) return;
  const input = form.elements.q;
  const status = document.getElementById('nb-search-status');
  const results = document.getElementById('nb-results');
  const aside = document.getElementById('nb-narrow');
  const chosen = new Map();
  let latest = 0;
  let controls;

  // What is found looks as `search.css` says; without it it is plain.
  const look = new Promise((done) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = new URL('theme/search.css', root).href;
    link.onload = link.onerror = done;
    document.head.append(link);
  });

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key in made && key !== 'list') made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  const counted = (count, one, many = `${one}s`) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

  // On a narrow page the conditions would push the results out of sight.
  aside.querySelector('details').open = window.matchMedia('(min-width: 48rem)').matches;

  function fromAddress() {
    const asked = new URLSearchParams(location.search);
    input.value = asked.get('q') ?? '';
    chosen.clear();
    for (const [name, value] of asked) {
      if (name !== 'q') chosen.set(name, (chosen.get(name) ?? new Set()).add(value));
    }
  }

  function toAddress() {
    const asked = new URLSearchParams();
    if (input.value.trim()) asked.set('q', input.value.trim());
    for (const [name, values] of chosen) for (const value of values) asked.append(name, value);
    const address = new URL(location.href);
    address.search = asked.toString();
    if (address.href === location.href) return;
    try {
      history.replaceState(null, '', address);
    } catch {
      // Some browsers keep the address of a page from disk as it is.
    }
  }

  async function search() {
    const turn = ++latest;
    toAddress();
    const query = input.value;
    if (!query.trim() && !chosen.size) {
      status.textContent = '';
      results.replaceChildren();
      aside.hidden = true;
      return;
    }
    status.classList.add('waiting');
    try {
      const { facets } = await open();
      known(facets);
      toAddress();
      const found = await find(query, chosen);
      if (turn !== latest) return;
      const groups = grouped(found);
      const shown = await Promise.all(groups.map((group) => section(found, group)));
      await look;
      if (turn !== latest) return;
      status.classList.remove('waiting');
      status.replaceChildren(...summary(found, query));
      results.replaceChildren(...shown);
      showFacets(found);
    } catch (error) {
      if (turn !== latest) return;
      status.classList.remove('waiting');
      status.textContent = 'The index of the search could not be read. It may have changed meanwhile: load this page again.';
      results.replaceChildren();
      aside.hidden = true;
      if (!(error instanceof Error) || !/^(letters|index|(terms|endings|texts)-\d+)$/.test(error.message)) throw error;
    }
  }

  // Conditions that the handbook does not have, as in an old address, are none.
  function known(facets) {
    for (const [name, values] of chosen) {
      const facet = facets.find((facet) => facet.name === name);
      for (const value of values) if (!facet?.places.has(value)) values.delete(value);
      if (!values.size) chosen.delete(name);
    }
  }

  function summary({ documents, looked, partial, missing }, query) {
    const lines = [];
    const asked = query.trim() ? ` for “${query.trim()}”` : '';
    lines.push(documents.length ? `${counted(documents.length, 'result')}${asked}.` : `Nothing found${asked}.`);
    if (!looked.length && query.trim()) lines.push('Its words are too common to search for.');
    for (const { typed, taken } of missing.mended) lines.push(`“${typed}” is nowhere; shown is “${taken.slice(0, 3).join('”, “')}”.`);
    if (missing.unknown.length) lines.push(`Nowhere in the handbook: “${missing.unknown.join('”, “')}”.`);
    else if (partial && documents.length) lines.push('No entry has all of these words; shown are those with the most.');
    if (!documents.length && chosen.size) lines.push('Fewer conditions may find more.');
    return lines.flatMap((line) => [element('span', {}, line), ' ']);
  }

  // The documents by kind, the kind of the best one first.
  function grouped({ index, documents }) {
    const kinds = index.facets.find(({ name }) => name === 'kind');
    const groups = [];
    const byKind = kinds.values.map(() => []);
    for (let i = 0; i < documents.length; i++) {
      const [kind] = kinds.sets[combination(kinds, documents[i])];
      if (byKind[kind].push(documents[i]) === 1) groups.push(kind);
    }
    return groups.map((kind, at) => {
      const [id, label] = kinds.values[kind];
      return { id, label, documents: byKind[kind], show: SHOWN_FIRST[at] ?? 1 };
    });
  }

  async function section(found, group) {
    const hits = (documents) => Promise.all(documents.map(async (document) => hit(found, await text(found.index, document))));
    const id = `nb-found-${group.id}`;
    const list = element('ol', { className: 'norms hits' }, ...await hits(group.documents.slice(0, group.show)));
    const heading = element('h2', { id }, group.label, ' ', element('span', { className: 'count' }, group.documents.length.toLocaleString('en')));
    const made = element('section', { className: 'found', 'aria-labelledby': id }, heading, list);
    let shown = group.show;
    const left = () => Math.min(MORE, group.documents.length - shown);
    if (left() > 0) {
      const label = () => `Show ${left()} more of ${group.documents.length.toLocaleString('en')}`;
      const button = element('button', { type: 'button', className: 'more', 'aria-describedby': id }, label());
      button.addEventListener('click', async () => {
        const next = await hits(group.documents.slice(shown, shown + MORE));
        shown += next.length;
        list.append(...next);
        next[0]?.querySelector('a').focus();
        if (left() > 0) button.textContent = label();
        else button.remove();
      });
      made.append(button);
    }
    return made;
  }

  function hit(sought, { href, title, name, facts, language, summary, lines }) {
    const best = sentence(sought, lines);
    // To the paragraph, unless the head of the page says as much of it.
    const deep = best?.anchor && best.score > worth(sought, places(sought, [name, title, summary].join('\n')));
    const link = element('a', { href: deep ? `${href}#${encodeURIComponent(best.anchor)}` : href });
    if (name) link.append(element('span', { className: 'number' }, ...withMarks(sought, name)), ' ');
    link.append(element('span', { className: 'name' }, ...withMarks(sought, title)));
    const made = element('li', { className: 'hit' }, element('p', { className: 'norm-title' }, link));
    const inner = language ? { lang: language } : {};
    if (summary) made.append(element('p', { className: 'norm-summary', dir: 'auto', ...inner }, ...withMarks(sought, summary)));
    if (best) made.append(element('blockquote', { className: 'sentence' }, element('p', { dir: 'auto', ...inner }, ...withMarks(sought, best.text))));
    if (facts) made.append(element('p', { className: 'facts-line' }, ...facts.split(' · ').map((fact) => element('span', {}, fact))));
    return made;
  }

  // A text with the words of the question marked.
  function withMarks(sought, text) {
    const parts = [];
    let done = 0;
    for (const { start, end } of places(sought, text)) {
      if (start < done) {
        // Pairs of characters overlap: the mark goes on.
        if (end > done) {
          parts[parts.length - 1].textContent += text.slice(done, end);
          done = end;
        }
        continue;
      }
      if (start > done || !parts.length) parts.push(text.slice(done, start));
      parts.push(element('mark', {}, text.slice(start, end)));
      done = end;
    }
    return [...parts, text.slice(done)];
  }

  // ---- Facets ----

  const SHOWN = 8; // values of a facet before "Show all"

  function showFacets({ index, counts }) {
    controls ??= index.facets.map(facetControls);
    for (const [at, { boxes, fieldset, all, state }] of controls.entries()) {
      const picked = chosen.get(index.facets[at].name) ?? new Set();
      const ranks = [...counts[at].keys()].sort((a, b) => counts[at][b] - counts[at][a] || a - b);
      const top = new Set(ranks.slice(0, SHOWN));
      let [present, hidden] = [0, 0];
      boxes.forEach(({ box, item, count }, place) => {
        box.checked = picked.has(box.value);
        count.textContent = counts[at][place].toLocaleString('en');
        const possible = counts[at][place] > 0 || box.checked;
        const shown = possible && (state.open || top.has(place) || box.checked);
        if (possible) present++;
        if (possible && !shown) hidden++;
        item.hidden = !shown;
      });
      fieldset.hidden = present === 0;
      all.hidden = present <= SHOWN;
      all.textContent = state.open ? 'Show fewer' : `Show all ${present}`;
      all.setAttribute('aria-expanded', String(state.open));
      state.update = () => showFacets({ index, counts });
    }
    const picked = [...chosen.values()].reduce((sum, values) => sum + values.size, 0);
    aside.querySelector('.picked').textContent = picked ? `${picked} chosen` : '';
    aside.querySelector('.clear').hidden = !picked;
    aside.hidden = false;
  }

  function facetControls(facet) {
    const state = { open: false, update: () => {} };
    const boxes = facet.values.map(([id, label]) => {
      const box = element('input', { type: 'checkbox', name: facet.name, value: id });
      const count = element('span', { className: 'count' });
      return { box, count, item: element('li', {}, element('label', {}, box, element('span', {}, label), count)) };
    });
    const all = element('button', { type: 'button', className: 'all' });
    all.addEventListener('click', () => {
      state.open = !state.open;
      state.update();
    });
    const list = element('ul', {}, ...boxes.map(({ item }) => item));
    const fieldset = element('fieldset', {}, element('legend', {}, facet.label), list, all);
    fieldset.addEventListener('change', ({ target }) => {
      const values = chosen.get(facet.name) ?? new Set();
      if (target.checked) values.add(target.value);
      else values.delete(target.value);
      if (values.size) chosen.set(facet.name, values);
      else chosen.delete(facet.name);
      search();
    });
    aside.querySelector('.facets').append(fieldset);
    return { boxes, fieldset, all, state };
  }

  aside.querySelector('.clear').addEventListener('click', () => {
    chosen.clear();
    search();
    input.focus();
  });

  // ---- Keys ----

  let timer;
  input.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(timer);
    search();
  });
  // Up and down lead from the box through the results and back.
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...results.querySelectorAll('.hit a')];
    const at = links.indexOf(document.activeElement);
    const inside = at >= 0 || document.activeElement === input;
    if (step && inside && at + step >= -1 && at + step < links.length) {
      event.preventDefault();
      (links[at + step] ?? input).focus();
    } else if (event.key === 'Escape' && at >= 0) {
      input.focus();
    }
  });
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) return;
    fromAddress();
    if (!input.value) input.focus();
    if (input.value || chosen.size) search();
  });
})();
