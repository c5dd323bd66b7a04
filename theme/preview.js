// Shows what a link within the handbook leads to, before it is followed: on
// hover, on keyboard focus, and on a first tap. Without this file links are
// plain links.
//
// The data are plain scripts below `previews/`, loaded on first use, because
// a page that was opened from disk can load nothing else. A record stands
// under its page's address in the file that the address's digest chooses.
'use strict';
(() => {
  const HOVER = 300; // before a preview opens, and before it closes, in ms
  const GAP = 6; // between the line of the link and the preview, in px
  const MARGIN = 8; // between the preview and the edge of the window, in px
  const LINKS = 'main a[href]:not(.outside, .edit, .permalink, .back, .note-number, .jump a, .breadcrumb a, .hit a)';
  // Where links stand among words, a tap first shows; in lists it leads on.
  const AMONG_WORDS = '.prose, .norm-text, .note-text, .reason, .footnotes, .sentence, .stances td';

  const root = new URL('../', document.currentScript.src);
  const records = new Map();
  const loaded = new Map();
  let files = 0;
  const store = window.normbook ??= {};
  store.previews = (found, count = files) => {
    files = count;
    for (const name of Object.keys(found)) records.set(name, found[name]);
  };

  function load(file) {
    if (!loaded.has(file)) {
      loaded.set(file, new Promise((done) => {
        const script = document.createElement('script');
        script.src = new URL(`previews/${file}.js`, root);
        script.onload = script.onerror = done;
        document.head.append(script);
      }));
    }
    return loaded.get(file);
  }

  // FNV-1a of 32 bits over UTF-8, as in src/export/previews.rs.
  function digest(text) {
    let digest = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(text)) digest = Math.imul(digest ^ byte, 0x01000193);
    return digest >>> 0;
  }

  async function record(name) {
    await load('index');
    if (files && !records.has(name)) await load(digest(name) % files);
    return records.get(name);
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // The page and the anchor that an address leads to; nothing outside the site.
  function place(url) {
    if (url.protocol !== root.protocol || url.host !== root.host) return null;
    if (!url.pathname.startsWith(root.pathname)) return null;
    const path = decoded(url.pathname.slice(root.pathname.length)).replace(/(^|\/)index\.html$/, '$1');
    return { path, anchor: decoded(url.hash.slice(1)) };
  }

  // What stands at an anchor of this page, unless the reader sees it anyway.
  function onThisPage(anchor) {
    const target = document.getElementById(anchor);
    if (!target || target.contains(link)) return null;
    const { top, bottom } = target.getBoundingClientRect();
    if (top >= 0 && bottom <= innerHeight) return null;
    const words = (element) => element?.textContent.replace(/\s+/g, ' ').replace('↩', '').trim() ?? '';
    const heading = /^H[1-6]$/.test(target.tagName) ? target : target.querySelector('h2, h3');
    const body = target.querySelector('.note-text') ?? (heading === target ? target.nextElementSibling : target);
    const text = words(body);
    return text && { title: words(heading), text: text.length > 420 ? `${text.slice(0, 420)} …` : text };
  }

  async function find(link) {
    // What is no address has no page.
    const to = URL.canParse(link.href) && place(new URL(link.href));
    if (!to) return [];
    if (to.path === place(location)?.path) return [to.anchor && onThisPage(to.anchor)];
    return Promise.all([record(to.path), to.anchor && record(`${to.path}#${to.anchor}`)]);
  }

  const box = document.createElement('div');
  box.className = 'preview';
  box.id = 'nb-preview';
  box.hidden = true;

  let link = null; // the link whose preview is shown or on its way
  let tapped = false; // whether a tap asked for it
  let timer = 0;
  let finger = false; // whether the last pointer was one that cannot hover

  function element(name, className, ...content) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...content);
    return made;
  }

  function fill(page, part) {
    const facts = page?.facts?.map((fact) => element('span', '', fact)) ?? [];
    const number = page?.label ? [element('span', 'number', page.label), ' '] : [];
    const made = [
      facts.length && element('p', 'facts-line', ...facts),
      page?.title && element('p', 'preview-title', ...number, page.title),
      page?.text && element('p', 'preview-text', page.text),
    ];
    if (part) {
      const facts = part.facts?.length ? `, ${part.facts.join(', ')}` : '';
      made.push(element('p', 'label', part.title + facts));
      if (part.text) made.push(element('p', 'preview-part', part.text));
    }
    if (tapped) made.push(ways());
    box.lang = page?.lang ?? document.documentElement.lang;
    box.replaceChildren(...made.filter(Boolean));
    for (const text of box.children) text.dir = 'auto';
  }

  function ways() {
    const go = element('a', '', 'Open');
    go.href = link.href;
    const close = element('button', '', 'Close');
    close.type = 'button';
    close.addEventListener('click', () => {
      const from = link;
      hide();
      from.focus({ preventScroll: true });
    });
    return element('p', 'preview-ways', go, close);
  }

  // Below the line of the link, or above it where there is more room; never
  // over the line itself.
  function position(x, y) {
    const lines = [...link.getClientRects()];
    const line = lines.find((line) => y >= line.top && y <= line.bottom) ?? lines.at(-1);
    if (!line) return false;
    const room = document.documentElement.clientWidth;
    box.style.maxHeight = '';
    const { width, height } = box.getBoundingClientRect();
    const below = innerHeight - line.bottom - GAP - MARGIN;
    const above = line.top - GAP - MARGIN;
    const up = below < height && above > below;
    box.style.maxHeight = `${Math.max(up ? above : below, 96)}px`;
    const start = document.dir === 'rtl' ? line.right - width : line.left;
    const left = Math.max(MARGIN, Math.min(x ? Math.min(start, x) : start, room - width - MARGIN));
    const shown = box.getBoundingClientRect().height;
    box.style.left = `${left + scrollX}px`;
    box.style.top = `${(up ? line.top - GAP - shown : line.bottom + GAP) + scrollY}px`;
    return true;
  }

  async function show(wanted, { x = 0, y = 0, tap = false } = {}) {
    hide();
    link = wanted;
    tapped = tap;
    const found = await find(wanted);
    if (link !== wanted) return;
    const [page, part] = found;
    if (!page && !part) {
      link = null;
      if (tap) location.href = wanted.href;
      return;
    }
    fill(page, part);
    if (!box.isConnected) document.body.append(box);
    box.setAttribute('role', tap ? 'dialog' : 'tooltip');
    box.hidden = false;
    if (!position(x, y)) return hide();
    if (tap) {
      box.setAttribute('aria-label', 'Preview');
      box.querySelector('.preview-ways a').focus({ preventScroll: true });
    } else {
      box.removeAttribute('aria-label');
      wanted.setAttribute('aria-describedby', box.id);
    }
  }

  function hide() {
    clearTimeout(timer);
    link?.removeAttribute('aria-describedby');
    link = null;
    box.hidden = true;
  }

  function soon(act) {
    clearTimeout(timer);
    timer = setTimeout(act, HOVER);
  }

  // `normbook serve` changed the page, and perhaps what others show of it.
  document.addEventListener('normbook:update', () => {
    hide();
    records.clear();
    loaded.clear();
  });

  const linkAt = (event) => event.target.closest?.(LINKS);
  const selecting = () => !getSelection().isCollapsed;

  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return;
    if (box.contains(event.target)) return clearTimeout(timer);
    const over = linkAt(event);
    if (over && over === link) return clearTimeout(timer);
    if (over && !event.buttons && !selecting()) {
      soon(() => show(over, { x: event.clientX, y: event.clientY }));
    } else if (link && !tapped && document.activeElement !== link) soon(hide);
    else if (!link) clearTimeout(timer);
  });
  document.documentElement.addEventListener('pointerleave', () => link && !tapped && soon(hide));

  document.addEventListener('focusin', (event) => {
    const at = linkAt(event);
    if (at && at !== link && at.matches(':focus-visible') && !finger) soon(() => show(at));
    else if (link && at !== link && !box.contains(event.target)) hide();
  });
  document.addEventListener('focusout', (event) => {
    if (event.target === link && !box.matches(':hover')) soon(hide);
    else if (!link) clearTimeout(timer);
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return clearTimeout(box.hidden ? timer : 0);
    const inside = box.contains(document.activeElement);
    const from = link;
    hide();
    if (inside) from.focus({ preventScroll: true });
  });
  document.addEventListener('pointerdown', (event) => {
    finger = event.pointerType === 'touch';
    if (link && !box.contains(event.target) && linkAt(event) !== link) hide();
  });
  document.addEventListener('click', (event) => {
    const on = linkAt(event);
    if (!on) return;
    const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (finger && plain && on !== link && on.closest(AMONG_WORDS)) {
      event.preventDefault();
      show(on, { x: event.clientX, y: event.clientY, tap: true });
    } else hide();
  });
})();
