// Tables that are sorted by the heads of their columns. Without this file they
// keep their order.
'use strict';
(() => {
  const order = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  // A date sorts by its machine-readable form, a stance by how far it goes.
  const TONES = ['for', 'part', 'reserve', 'against', 'silent'];
  function keyOf(cell) {
    const tone = /^tone-(.*)/.exec(cell?.className)?.[1];
    if (tone) return String(TONES.indexOf(tone) + 1);
    return cell?.querySelector('time')?.dateTime ?? cell?.textContent.trim() ?? '';
  }

  function sortable(table) {
    for (const head of table.tHead.rows[0].cells) {
      if (head.querySelector('button')) continue;
      const button = Object.assign(document.createElement('button'), { type: 'button' });
      // A head that leads somewhere goes on to do so: the button stands below.
      if (head.querySelector('a')) {
        head.abbr = head.textContent.trim();
        button.setAttribute('aria-label', `Sort by ${head.abbr}`);
      } else {
        button.append(...head.childNodes);
      }
      head.append(button);
      button.addEventListener('click', () => {
        const falling = head.getAttribute('aria-sort') === 'ascending';
        for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
        head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
        sort(table, head);
      });
    }
  }

  function sort(table, head) {
    const falling = head.getAttribute('aria-sort') === 'descending';
    const inOrder = (parts, rowOf) => {
      const keyed = parts.map((part) => [keyOf(rowOf(part).cells[head.cellIndex]), part]);
      keyed.sort(([a], [b]) => (a && b ? order.compare(a, b) * (falling ? -1 : 1) : Number(!a) - Number(!b)));
      return keyed.map(([, part]) => part);
    };
    const bodies = [...table.tBodies];
    if (bodies.length > 1 && !table.querySelector('tr.set')) {
      // A body of several rows, as of one actor, moves as a whole.
      table.append(...inOrder(bodies, (body) => body.rows[0]));
      return;
    }
    // The rows of a set stay together, between its head and what ends it.
    for (const body of bodies) {
      const rows = [...body.rows].filter((row) => !row.matches('.set, .unresearched'));
      body.append(...inOrder(rows, (row) => row), ...body.querySelectorAll('.unresearched'));
    }
  }

  document.querySelectorAll('table.sortable').forEach(sortable);
  // `normbook serve` changed the page.
  document.addEventListener('normbook:update', () => {
    for (const table of document.querySelectorAll('table.sortable')) {
      sortable(table);
      const head = table.querySelector('th[aria-sort]');
      if (head) sort(table, head);
    }
  });
})();
