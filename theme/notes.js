// Notes on a norm's words: each stands at the line of its phrase where the
// margin has room, shows with the phrase which belongs to which, and can be
// chosen by kind. Without this script notes stand beside their passage.
(() => {
  "use strict";
  const text = document.querySelector(".norm-text");
  if (!text) return;
  let notes, phrases, references;
  const find = () => {
    notes = [...document.querySelectorAll(".note")];
    phrases = [...text.querySelectorAll(".annotated")];
    references = [...text.querySelectorAll(".note-reference")];
  };
  const numbersOf = (phrase) => phrase.dataset.notes.split(" ");
  const margin = matchMedia("screen and (min-width: 62rem)");

  // Moves notes down to their phrases, and what stands below them in the
  // margin out of their way. A note that stands lower already, since the ones
  // before it are long, stays there. Nothing else on the page moves.
  const align = () => {
    const streams = text.closest(".streams");
    const items = [...text.querySelectorAll(".note"), ...document.querySelectorAll(".streams > .margin")];
    for (const item of items) item.style.transform = "";
    if (streams) streams.style.paddingBlockEnd = "";
    if (!margin.matches) return;
    let free = -Infinity;
    const moves = items.filter((item) => !item.hidden).map((item) => {
      const own = item.getBoundingClientRect();
      const phrase = phrases.find((piece) => numbersOf(piece).includes(item.dataset.number));
      // A phrase that is not displayed stands nowhere.
      const place = phrase?.getClientRects()[0];
      const line = place ? place.top - 10 : own.top;
      const top = Math.max(own.top, line - own.top > 8 ? line : own.top, free + (phrase ? 0 : 24));
      free = top + own.height;
      return [item, Math.round(top - own.top)];
    });
    for (const [item, down] of moves) if (down > 0) item.style.transform = `translateY(${down}px)`;
    const over = streams ? free - streams.getBoundingClientRect().bottom : 0;
    if (over > 0) streams.style.paddingBlockEnd = `${Math.ceil(over)}px`;
  };

  const light = (numbers) => {
    for (const phrase of phrases) phrase.classList.toggle("lit", numbersOf(phrase).some((n) => numbers.includes(n)));
    for (const note of notes) note.classList.toggle("lit", numbers.includes(note.dataset.number));
  };
  const numbersAt = (target) => {
    const place = target.closest?.(".annotated, .note-reference, .note");
    if (!place) return [];
    return place.dataset.notes ? numbersOf(place) : [place.dataset.number].filter(Boolean);
  };
  for (const event of ["pointerover", "focusin"]) {
    document.addEventListener(event, (happened) => light(numbersAt(happened.target)));
  }

  // The kinds become buttons: one shows its notes alone, and again all.
  const kinds = [...document.querySelectorAll(".kinds .kind")].map((label) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kind";
    button.dataset.kind = label.dataset.kind;
    button.append(...label.childNodes);
    button.setAttribute("aria-pressed", "false");
    label.replaceWith(button);
    return button;
  });
  const choose = (kind) => {
    for (const button of kinds) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
    for (const note of notes) note.hidden = kind !== "" && note.dataset.kind !== kind;
    const hidden = new Set(notes.filter((note) => note.hidden).map((note) => note.dataset.number));
    for (const phrase of phrases) phrase.classList.toggle("muted", numbersOf(phrase).every((n) => hidden.has(n)));
    for (const link of references) link.classList.toggle("muted", hidden.has(link.dataset.number));
    align();
  };
  for (const button of kinds) {
    button.addEventListener("click", () => choose(button.getAttribute("aria-pressed") === "true" ? "" : button.dataset.kind));
  }
  // A link to a hidden note shows it, also one that the address names already.
  addEventListener("hashchange", () => {
    if (document.querySelector(":target.note[hidden], .note[hidden] :target")) choose("");
  });
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.('a[href^="#"]');
    const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (place?.closest(".note[hidden]")) choose("");
  });

  find();
  // What has been shown stays where it is: where this script came late, notes
  // are moved only when the width changes or a kind is chosen.
  if (performance.getEntriesByType("paint").length === 0) align();
  let width = text.clientWidth;
  new ResizeObserver(() => {
    if (text.clientWidth === width) return;
    width = text.clientWidth;
    align();
  }).observe(text);
  // `normbook serve` changed the page.
  document.addEventListener("normbook:update", () => {
    find();
    align();
  });
  margin.addEventListener("change", align);
})();
