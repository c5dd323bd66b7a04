// Suggests the pages whose addresses are nearest to the one that was not
// found. Without this script the page lists the indexes.
(() => {
  "use strict";
  const place = document.getElementById("nb-nearest");
  const root = new URL(place?.dataset.root ?? "", document.baseURI);
  if (!place || !location.pathname.startsWith(root.pathname)) return;
  const clean = (path) => {
    let text = path;
    // What cannot be decoded is kept as it came.
    try { text = decodeURIComponent(path); } catch {}
    return text.toLowerCase().replace(/(index)?\.html?$/, "").replace(/^\/+|\/+$/g, "");
  };
  const wanted = clean(location.pathname.slice(root.pathname.length)).slice(0, 120);
  if (!wanted) return;

  // How many letters must change to make one text of the other (Levenshtein),
  // or a large number when it is more than the limit.
  const distance = (a, b, limit) => {
    if (Math.abs(a.length - b.length) > limit) return Infinity;
    let row = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let i = 1; i <= a.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= b.length; j += 1) {
        next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      }
      if (Math.min(...next) > limit) return Infinity;
      row = next;
    }
    return row[b.length];
  };
  const last = wanted.split("/").pop();
  const score = (path) => {
    const known = clean(path);
    const name = known.split("/").pop();
    if (name === last) return 0.5;
    const limit = Math.max(2, Math.floor(wanted.length / 3));
    const whole = distance(wanted, known, limit);
    const ending = 1 + distance(last, name, Math.max(1, Math.floor(last.length / 3)));
    return Math.min(whole, ending, known.startsWith(`${wanted}/`) ? limit : Infinity);
  };
  const suggest = () => {
    const ranked = globalThis.normbookAddresses
      .map(([path, name]) => ({ path, name, score: score(path) }))
      .filter((page) => page.score < Infinity)
      .sort((a, b) => a.score - b.score || a.path.length - b.path.length)
      .slice(0, 8);
    if (ranked.length === 0) return;
    const list = place.querySelector("ul");
    for (const { path, name } of ranked) {
      const link = document.createElement("a");
      link.href = new URL(path, root).href;
      link.textContent = name;
      const shown = document.createElement("span");
      shown.className = "gloss";
      shown.textContent = ` ${decodeURIComponent(path)}`;
      const item = document.createElement("li");
      item.append(link, shown);
      list.append(item);
    }
    place.hidden = false;
  };

  const addresses = document.createElement("script");
  addresses.src = new URL("addresses.js", root).href;
  addresses.addEventListener("load", suggest);
  document.head.append(addresses);
})();
