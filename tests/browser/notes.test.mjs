// Notes on a norm's words: beside their phrase where there is room and never
// over each other, below their passage elsewhere; each can be reached from
// its phrase and back, and chosen by kind.

import assert from 'node:assert/strict';
import { check, none } from './harness.mjs';

const TEXTS = ['norms/many/', 'ar/norms/many/'];

/** The boxes of the shown notes and of all else that may lie in their way. */
function boxes(page) {
  return page.evaluate(() => {
    const box = (element) => ({ name: element.id || element.className, ...element.getBoundingClientRect().toJSON() });
    const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
    return {
      notes: shown('.note').map(box),
      others: shown('.unit, #nb-facts, .norm-text figcaption, .commentary').map(box),
    };
  });
}

/** The part of each pair that lies over each other, by name. */
function overlaps({ notes, others }) {
  const over = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const found = [];
  notes.forEach((note, index) => {
    for (const other of [...notes.slice(index + 1), ...others]) {
      if (over(note, other)) found.push(`${note.name} and ${other.name}`);
    }
  });
  return found;
}

for (const path of TEXTS) {
  for (const width of [360, 768, 1280, 1440, 1920]) {
    for (const javascript of [true, false]) {
      const how = `${width} px wide, scripts ${javascript ? 'on' : 'off'}`;
      check(`notes of ${path} lie over nothing, ${how}`, async (open) => {
        const page = await open(path, { site: 'notes', width, javascript });
        const found = await boxes(page);
        assert.ok(found.notes.length >= 3 && found.others.length >= 2);
        none(overlaps(found));
      });
    }
  }
}

for (const width of [1280, 1440, 1920]) {
  check(`notes stand beside their phrase, or close up below the note before, ${width} px wide`, async (open) => {
    const page = await open('norms/many/', { site: 'notes', width });
    const places = await page.evaluate(() => {
      const box = (selector) => document.querySelector(selector).getBoundingClientRect();
      let above = box('.notes-head').bottom;
      return [...document.querySelectorAll('.note[data-number]')].map((note) => {
        const phrase = [...document.querySelectorAll('.annotated')]
          .find((piece) => piece.dataset.notes.split(' ').includes(note.dataset.number));
        const { top, bottom, left } = note.getBoundingClientRect();
        const place = {
          name: note.id,
          beside: left >= box('.unit').right,
          fromPhrase: top - phrase.getClientRects()[0].top,
          fromAbove: top - above,
        };
        above = bottom;
        return place;
      });
    });
    assert.equal(places.length, 9);
    none(places
      .filter(({ beside, fromPhrase, fromAbove }) => !(beside && (Math.abs(fromPhrase) < 16 || fromAbove < 32)))
      .map((place) => JSON.stringify(place)));
  });
}

check('notes stand below their passage on a phone', async (open) => {
  const page = await open('norms/many/', { site: 'notes', width: 360 });
  const order = await page.evaluate(() =>
    [...document.querySelectorAll('.unit, .note')].map((each) => [each.id, each.getBoundingClientRect().top]));
  const place = (id) => order.find(([name]) => name === id)[1];
  assert.ok(place('a') < place('note-record') && place('note-record') < place('b'), JSON.stringify(order));
});

check('notes are reached from their phrase by keyboard, and the phrase from the note', async (open) => {
  const page = await open('norms/many/', { site: 'notes' });
  await page.locator('.note-reference').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector(':target')?.matches('.note'));
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.matches('.note-number')), 'the note is next');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector(':target')?.matches('.note-reference'));
});

check('notes of one kind are shown alone, and all again', async (open) => {
  const page = await open('norms/many/', { site: 'notes' });
  const notes = page.locator('.note:visible');
  const all = await notes.count();
  const button = page.getByRole('button', { name: /^Practice/ });
  await button.focus();
  await page.keyboard.press('Enter');
  assert.equal(await notes.count(), 2);
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  none(overlaps(await boxes(page)));
  await page.keyboard.press('Enter');
  assert.equal(await notes.count(), all);
});

check('notes are named by their phrase in the list of headings', async (open) => {
  const page = await open('norms/many/', { site: 'notes' });
  assert.equal(await page.getByRole('heading', { name: /^“keep their word”/ }).count(), 1);
  assert.equal(await page.getByRole('link', { name: 'Note 4, back to its phrase' }).count(), 1);
});
