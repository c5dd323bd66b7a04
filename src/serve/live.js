// Follows the handbook while its author edits it.
//
// The server says what it shows (server-sent events). The page is then
// fetched again and compared with the page as it was served, not with the page
// as it stands: only what the author changed is changed here. So whatever the
// reader or another script did stays: scrolled places, open details, focus,
// selection, typed text, added elements.
//
// This script runs while the page is parsed, before deferred scripts. It may
// stand under a strict content security policy: nothing is inline, nothing is
// evaluated.
"use strict";
(() => {
  const OWN = "/_normbook/";
  const SCRIPT = document.currentScript;
  const SERVED = SCRIPT.dataset.edition;

  // ---- The page as it was served -----------------------------------------

  // A copy of the served page; each of its nodes knows its node on the page.
  const onPage = new WeakMap();

  function remember(node) {
    const copy = node.cloneNode(false);
    onPage.set(copy, node);
    for (const child of node.childNodes) copy.append(remember(child));
    return copy;
  }

  // Takes our own line out of a copy, and the white space that a browser
  // moves from the end of the file to the end of the body.
  function clean(page) {
    for (const script of page.querySelectorAll("script[data-edition]")) {
      while (script.nextSibling && !(script.nextSibling.data || "x").trim()) {
        script.nextSibling.remove();
      }
      script.remove();
    }
    return page;
  }

  let served = null;

  // ---- From one served page to the next ----------------------------------

  // Whether a script replaced a node that changed: then only that script,
  // run anew, can say what stands in its place.
  let replaced = false;

  // Changes the page where two served pages differ.
  function patch(old, next) {
    const live = onPage.get(old);
    onPage.set(next, live);
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.data === next.data) return;
      replaced ||= !live.isConnected;
      patchText(live, old.data, next.data);
      return;
    }
    patchAttributes(live, old, next);
    patchChildren(live, [...old.childNodes], [...next.childNodes]);
  }

  // Only the part that differs is replaced, so that a selection in the rest
  // of the text stays.
  function patchText(live, old, next) {
    if (live.data !== old) {
      live.data = next;
      return;
    }
    const most = Math.min(old.length, next.length);
    let start = 0;
    while (start < most && old[start] === next[start]) start += 1;
    let end = 0;
    while (end < most - start && old[old.length - 1 - end] === next[next.length - 1 - end]) {
      end += 1;
    }
    live.replaceData(start, old.length - start - end, next.slice(start, next.length - end));
  }

  function patchAttributes(live, old, next) {
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name)) live.removeAttribute(name);
    }
    for (const { name, value } of next.attributes) {
      if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    }
    replaced ||= !live.isConnected && !old.isEqualNode(next);
  }

  function patchChildren(parent, olds, nexts) {
    const pairs = pair(olds, nexts);
    const partners = new Map(pairs);
    const kept = new Set(partners.values());
    for (const old of olds) {
      if (kept.has(old)) continue;
      replaced ||= !onPage.get(old).isConnected && !isBlank(old);
      onPage.get(old).remove();
    }
    // From the end, so that each new node finds the one it stands before.
    let after = null;
    for (const next of [...nexts].reverse()) {
      const old = partners.get(next);
      if (old) {
        const live = onPage.get(old);
        patch(old, next);
        // What a script took away is not brought back.
        if (live.parentNode === parent) after = live;
      } else {
        const live = revive(next);
        parent.insertBefore(live, after);
        after = live;
      }
    }
  }

  const isBlank = (node) => node.nodeType === Node.TEXT_NODE && !node.data.trim();

  // A node of the next page for this page.
  function revive(next) {
    const live = document.importNode(next, false);
    onPage.set(next, live);
    for (const child of next.childNodes) live.append(revive(child));
    return live;
  }

  // Which child became which: what is equal at both ends, then what has the
  // same id, then the longest row of equal ones between, then what is alike.
  function pair(olds, nexts) {
    const pairs = [];
    let start = 0;
    let oldEnd = olds.length;
    let nextEnd = nexts.length;
    const same = (old, next) => old.isEqualNode(next);
    while (start < oldEnd && start < nextEnd && same(olds[start], nexts[start])) {
      pairs.push([nexts[start], olds[start]]);
      start += 1;
    }
    while (oldEnd > start && nextEnd > start && same(olds[oldEnd - 1], nexts[nextEnd - 1])) {
      oldEnd -= 1;
      nextEnd -= 1;
      pairs.push([nexts[nextEnd], olds[oldEnd]]);
    }
    const some = olds.slice(start, oldEnd);
    const others = nexts.slice(start, nextEnd);
    // Two long lists that differ throughout are not worth comparing.
    if (some.length * others.length <= 250000) {
      pairs.push(...align(some, others, (old, next) => {
        if (same(old, next)) return 1000;
        return alike(old, next) ? 1 : 0;
      }));
    }
    return pairs;
  }

  function alike(old, next) {
    if (old.nodeName !== next.nodeName) return false;
    if (old.nodeType !== Node.ELEMENT_NODE) return true;
    if (old.id !== next.id) return false;
    // A link in the head, a picture or a script is what it leads to.
    const by = (name) => old.getAttribute(name) === next.getAttribute(name);
    if (/^(LINK|META|SCRIPT)$/.test(old.nodeName)) return by("rel") && by("name") && by("src");
    return true;
  }

  // The row of pairs, in order in both lists, that is worth most.
  function align(olds, nexts, worth) {
    const width = nexts.length + 1;
    const best = new Uint32Array((olds.length + 1) * width);
    const worths = new Uint16Array(olds.length * nexts.length);
    for (let i = olds.length - 1; i >= 0; i -= 1) {
      for (let j = nexts.length - 1; j >= 0; j -= 1) {
        const own = worth(olds[i], nexts[j]);
        worths[i * nexts.length + j] = own;
        const both = own ? own + best[(i + 1) * width + j + 1] : 0;
        best[i * width + j] = Math.max(both, best[(i + 1) * width + j], best[i * width + j + 1]);
      }
    }
    const pairs = [];
    let i = 0;
    let j = 0;
    while (i < olds.length && j < nexts.length) {
      const own = worths[i * nexts.length + j];
      if (own && best[i * width + j] === own + best[(i + 1) * width + j + 1]) {
        pairs.push([nexts[j], olds[i]]);
        i += 1;
        j += 1;
      } else if (best[i * width + j] === best[(i + 1) * width + j]) {
        i += 1;
      } else {
        j += 1;
      }
    }
    return pairs;
  }

  // ---- Keeping the reader's place ----------------------------------------

  // The first elements in view, and how far below the window's top they are;
  // more than one, as the change may take the first away.
  function places() {
    const found = [];
    for (const element of document.querySelectorAll("main [id], main p, main li, main tr")) {
      const { top } = element.getBoundingClientRect();
      if (top >= 0) found.push({ element, top });
      if (found.length === 20) break;
    }
    return found;
  }

  function keepPlace(change) {
    const root = document.documentElement;
    if (window.scrollY === 0) {
      change();
      return;
    }
    const before = places();
    // The browser's own way of doing this would come on top of ours.
    root.style.overflowAnchor = "none";
    change();
    const stays = before.find(({ element }) => element.isConnected);
    if (stays) {
      const moved = stays.element.getBoundingClientRect().top - stays.top;
      if (moved !== 0) window.scrollBy({ top: moved, behavior: "instant" });
    }
    requestAnimationFrame(() => {
      root.style.overflowAnchor = "";
      if (root.getAttribute("style") === "") root.removeAttribute("style");
    });
  }

  // ---- Following ----------------------------------------------------------

  const RETRY = 1000; // after a change that could not be fetched, in ms
  let shown = null; // the last state that this page followed
  let waiting; // to fetch it again
  let busy = Promise.resolve();

  // The edition that the page was served from: `run.number`.
  const [RUN, NUMBER] = SERVED.split(".");

  function follow(state) {
    report(state.report, state.held_back);
    if (!state.edition) return;
    const [run] = state.edition.split(".");
    // Another run of the server, or the first good page of this one.
    if (run !== RUN) {
      location.reload();
      return;
    }
    const last = shown || { number: Number(NUMBER), styles: 0, scripts: 0, others: 0 };
    const since = (kind) => state[kind] > Math.max(last[kind], Number(NUMBER));
    const changed = { styles: since("styles"), scripts: since("scripts"), others: since("others") };
    if (state.number > last.number) busy = busy.then(() => update(changed)).catch(() => retry(state));
    shown = state;
  }

  // The server went away in between, or its answer did. Its next word brings
  // everything again, and if none comes, so does a while.
  function retry(state) {
    shown = null;
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (!shown) follow(state); }, RETRY);
  }

  async function update(changed) {
    if (changed.scripts && document.querySelector("script[src]:not([data-edition])")) {
      location.reload();
      return;
    }
    if (changed.styles || changed.others) refreshStyles();
    if (changed.others) refreshImages();
    const answer = await fetch(location.pathname + location.search, { cache: "no-store" });
    if (answer.status === 404 && answer.headers.has("normbook-moved")) {
      location.replace(answer.headers.get("normbook-moved") + location.hash);
      return;
    }
    gone(answer.status === 404 && !isMissing);
    if (!answer.ok) return;
    if (isMissing) {
      location.reload();
      return;
    }
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const leads = next.querySelector("meta[http-equiv=refresh i]");
    if (leads && !document.querySelector("meta[http-equiv=refresh i]")) {
      const to = new URL(leads.content.replace(/^[^=]*=/, ""), location.href);
      location.replace(to.pathname.replace(/\/index\.html$/, "/") + location.hash);
      return;
    }
    await apply(next.documentElement);
  }

  // Whether this very page says that there is nothing here, or nothing yet.
  const isMissing = "missing" in SCRIPT.dataset;

  async function apply(next) {
    if (document.readyState === "loading") {
      await new Promise((ready) => document.addEventListener("DOMContentLoaded", ready, { once: true }));
    }
    if (served.isEqualNode(clean(next))) return;
    if (programs(served) !== programs(next)) {
      location.reload();
      return;
    }
    replaced = false;
    keepPlace(() => patch(served, next));
    served = next;
    if (replaced) {
      location.reload();
      return;
    }
    document.dispatchEvent(new CustomEvent("normbook:update"));
  }

  // All scripts that run; others hold data.
  function programs(page) {
    const runs = ({ type }) => /^(|module|text\/javascript)$/.test(type);
    const scripts = [...page.querySelectorAll("script")].filter(runs);
    return scripts.map((script) => script.outerHTML).join("\n");
  }

  // A stylesheet is exchanged when the new one is there: nothing flashes.
  function refreshStyles() {
    for (const old of document.querySelectorAll("link[rel~=stylesheet]")) {
      const url = new URL(old.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set("normbook", Date.now());
      const fresh = old.cloneNode();
      fresh.href = url.pathname + url.search;
      fresh.addEventListener("load", () => old.remove(), { once: true });
      fresh.addEventListener("error", () => fresh.remove(), { once: true });
      replace(old, fresh);
      old.after(fresh);
    }
  }

  // The served page's node now has another node on the page.
  function replace(old, fresh) {
    for (const copy of served.querySelectorAll("link")) {
      if (onPage.get(copy) === old) onPage.set(copy, fresh);
    }
  }

  function refreshImages() {
    for (const image of document.images) {
      const url = new URL(image.src, location.href);
      if (url.origin !== location.origin) continue;
      url.searchParams.set("normbook", Date.now());
      image.src = url.pathname + url.search;
    }
  }

  // ---- What is wrong -------------------------------------------------------

  const STYLE = `
    :host { all: initial; }
    section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; max-height: 55vh;
      overflow: auto; box-sizing: border-box; padding: 12px 16px; color: #f4f1ec;
      background: rgb(28 26 30 / 95%); border-top: 4px solid #d9534f;
      font: 14px/1.45 system-ui, sans-serif; text-align: left; direction: ltr; }
    section.mild { border-top-color: #d9a441; }
    header { display: flex; gap: 16px; align-items: baseline; }
    h2 { flex: 1; margin: 0; font-size: 16px; }
    button { font: inherit; color: inherit; background: #4a4550; border: 1px solid #8a8490;
      border-radius: 4px; padding: 2px 10px; cursor: pointer; }
    button.badge { position: fixed; right: 12px; bottom: 12px; z-index: 2147483647;
      color: #f4f1ec; background: #2b2730; border-color: #d9a441;
      font: 13px/1.4 system-ui, sans-serif; }
    button.bad { border-color: #d9534f; }
    ol { margin: 8px 0 0; padding: 0; list-style: none; }
    li { margin: 0 0 10px; }
    a { color: #9ecbff; }
    pre { margin: 4px 0 0; padding: 8px; overflow: auto; background: #111;
      font: 12px/1.4 ui-monospace, monospace; white-space: pre; tab-size: 4; }
    @media print { section, button { display: none; } }
  `;

  let host = null;
  let open = true; // whether errors are shown at length
  let listed = false; // whether warnings are shown at length
  let last = { report: { errors: 0, warnings: 0, messages: [] }, heldBack: false };
  let isGone = false;

  function report(messages, heldBack) {
    if (JSON.stringify(messages) !== JSON.stringify(last.report)) open = true;
    last = { report: messages, heldBack };
    draw();
  }

  function gone(is) {
    isGone = is;
    draw();
  }

  const count = (number, what) => (number === 1 ? `1 ${what}` : `${number} ${what}s`);

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function title() {
    const { errors, warnings } = last.report;
    const found = [];
    if (errors) found.push(count(errors, "error"));
    if (warnings) found.push(count(warnings, "warning"));
    if (isGone) found.push("this page is no longer part of the handbook");
    const stays = last.heldBack && !isMissing ? "; you see the last good page" : "";
    return found.join(", ") + stays;
  }

  function message({ text, path, line, column, editor }) {
    const item = element("li", {});
    if (path) {
      const where = `${path}:${line}:${column}`;
      item.append(editor ? element("a", { href: editor, textContent: where }) : where);
    }
    item.append(element("pre", { textContent: text }));
    return item;
  }

  function draw() {
    const { errors, warnings, messages } = last.report;
    const bad = errors > 0 || isGone;
    if (!bad && warnings === 0) {
      if (host) host.remove();
      host = null;
      return;
    }
    if (!host) {
      // An element of its own name, which no rule of the page's styles knows.
      host = document.createElement("normbook-report");
      const shadow = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      shadow.adoptedStyleSheets = [sheet];
    }
    if (!host.isConnected) document.documentElement.append(host);
    const long = bad ? open : listed;
    host.shadowRoot.replaceChildren(long ? panel(messages, bad) : badge(bad));
  }

  function set(long) {
    if (last.report.errors > 0 || isGone) open = long;
    else listed = long;
    draw();
  }

  function panel(messages, bad) {
    const hide = element("button", { type: "button", textContent: "Hide" });
    hide.addEventListener("click", () => set(false));
    const panel = element(
      "section",
      { className: bad ? "" : "mild" },
      element("header", {}, element("h2", { textContent: title() }), hide),
      element("ol", {}, ...messages.map(message))
    );
    panel.setAttribute("role", "region");
    panel.setAttribute("aria-live", "polite");
    panel.setAttribute("aria-label", "Mistakes in the handbook");
    return panel;
  }

  function badge(bad) {
    const show = element("button", { type: "button", textContent: title() });
    show.className = bad ? "badge bad" : "badge";
    show.addEventListener("click", () => set(true));
    return show;
  }

  // ---- The connection ------------------------------------------------------

  // A browser opens few connections to one server: pages that nobody sees
  // give theirs up, and are brought up to date when they are seen again.
  let source = null;

  function connect() {
    if (source || document.visibilityState === "hidden") return;
    const page = encodeURIComponent(location.pathname);
    source = new EventSource(`${OWN}events?page=${page}`);
    source.onmessage = (event) => follow(JSON.parse(event.data));
  }

  function disconnect() {
    if (source) source.close();
    source = null;
  }

  served = clean(remember(document.documentElement));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") disconnect();
    else connect();
  });
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  connect();
})();
