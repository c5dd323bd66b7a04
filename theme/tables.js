// Tables that are sorted by the heads of their columns. Without this file they
// keep their order.
'use strict';
(() => {
  const order = new Intl.Collator(document.documentElement.lang || undefined, { numeric: true });

  // A date sorts by its machine-readable form.
  const keyOf = (cell) => cell?.querySelector('time')?.dateTime ?? cell?.textContent.trim() ?? '';

  function sortable(table) {
    const heads = [...table.tHead.rows[0].cells].filter((head) => !head.querySelector('a'));
    for (const head of heads) {
      const button = Object.assign(document.createElement('button'), { type: 'button' });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => sort(table, head, heads));
    }
  }

  // A body of several rows, as of one actor, moves as a whole.
  function sort(table, head, heads) {
    const falling = head.getAttribute('aria-sort') === 'ascending';
    for (const other of heads) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
    const bodies = [...table.tBodies];
    const whole = bodies.length > 1;
    const parts = whole ? bodies : [...(bodies[0]?.rows ?? [])];
    const key = (part) => keyOf((whole ? part.rows[0] : part).cells[head.cellIndex]);
    const sorted = parts.map((part) => [key(part), part]);
    sorted.sort(([a], [b]) => (a && b ? order.compare(a, b) * (falling ? -1 : 1) : Number(!a) - Number(!b)));
    (whole ? table : bodies[0])?.append(...sorted.map(([, part]) => part));
  }

  document.querySelectorAll('table.sortable').forEach(sortable);
})();
