// Filters of lists and matrices, with their state in the address. Without this
// file filters are lists of links with counts.
'use strict';
(() => {
  const make = (name, text = '') => Object.assign(document.createElement(name), { textContent: text });

  function filter(box) {
    const list = document.getElementById(box.dataset.of);
    if (!list) return;
    let lines;
    let heads;
    let boxes;
    let groups;

    // Reads what there is, and makes boxes to tick of what is no box yet.
    function read() {
      lines = [...list.querySelectorAll('li[data-kind], li[data-status], li[data-actor], tbody tr:not(.set, .unresearched)')];
      heads = [...list.querySelectorAll('thead th')].slice(1);
      groups = [...box.querySelectorAll('[data-name]')].map((group) => {
        const { name, columns } = group.dataset;
        const inputs = [...group.querySelectorAll('li')].map((item) => item.querySelector('input') ?? tick(item, name));
        return { name, columns: columns !== undefined, inputs };
      });
      boxes = groups.flatMap(({ inputs }) => inputs);
    }

    function tick(item, name) {
      const input = Object.assign(make('input'), { type: 'checkbox', name, value: item.dataset.id });
      const link = item.querySelector('a');
      input.leadsTo = link?.getAttribute('href');
      link?.replaceWith(link.textContent);
      const label = make('label');
      label.append(input, ...item.childNodes);
      item.append(label);
      return input;
    }

    // A line says what it belongs to, or its head leads there.
    const belongs = (line, input) => {
      const values = line.dataset[input.name];
      if (values !== undefined) return values.split(' ').includes(input.value);
      const link = line.tagName === 'TH' ? line.querySelector('a') : line.querySelector('th a');
      return link?.getAttribute('href') === input.leadsTo;
    };
    const fits = (line, group) => {
      const chosen = group.inputs.filter((input) => input.checked);
      return !chosen.length || chosen.some((input) => belongs(line, input));
    };

    const status = make('p');
    status.setAttribute('role', 'status');
    const clear = Object.assign(make('button', 'Clear'), { type: 'button' });
    const bar = make('div');
    bar.className = 'filter-bar';
    bar.append(status, clear);
    // Where this is but a part of a list, the search finds the rest.
    const others = box.dataset.all && make('a', 'All such norms of the handbook');
    if (others) bar.append(others);
    box.after(bar);
    const summary = box.querySelector('summary');

    function apply() {
      const ofLines = groups.filter((group) => !group.columns);
      for (const line of lines) line.hidden = !ofLines.every((group) => fits(line, group));
      for (const part of list.querySelectorAll('section, tbody')) {
        const own = lines.filter((line) => part.contains(line));
        if (own.length) part.hidden = own.every((line) => line.hidden);
      }
      for (const group of groups) {
        if (group.columns) columns(group);
        else counts(group, ofLines);
      }
      const shown = lines.filter((line) => !line.hidden).length;
      const any = boxes.some((input) => input.checked);
      const noun = box.dataset.noun;
      status.textContent = any ? `${shown} of ${lines.length} ${noun}` : '';
      clear.hidden = !any;
      bar.hidden = !any;
      if (others) others.href = `${box.dataset.all}&${chosen()}`;
    }

    function columns(group) {
      for (const head of heads.filter((head) => head.querySelector('a'))) {
        const hidden = !fits(head, group);
        head.hidden = hidden;
        for (const line of lines) line.cells[head.cellIndex].hidden = hidden;
      }
    }

    // How many lines a choice would show beside those of the other groups.
    function counts(group, all) {
      const others = all.filter((other) => other !== group);
      const left = lines.filter((line) => others.every((other) => fits(line, other)));
      for (const input of group.inputs) {
        const count = input.parentElement.querySelector('.count');
        if (count) count.textContent = left.filter((line) => belongs(line, input)).length;
      }
    }

    function fromAddress() {
      const asked = new URLSearchParams(location.search);
      for (const input of boxes) input.checked = asked.getAll(input.name).includes(input.value);
      if (boxes.some((input) => input.checked)) box.open = true;
      apply();
    }

    const chosen = () => new URLSearchParams(boxes.filter((input) => input.checked).map(({ name, value }) => [name, value]));

    function toAddress() {
      const url = new URL(location.href);
      for (const group of groups) url.searchParams.delete(group.name);
      for (const [name, value] of chosen()) url.searchParams.append(name, value);
      history.replaceState(history.state, '', url);
    }

    box.addEventListener('change', () => {
      apply();
      toAddress();
    });
    clear.addEventListener('click', () => {
      for (const input of boxes) input.checked = false;
      summary.focus();
      apply();
      toAddress();
    });
    addEventListener('popstate', fromAddress);
    // `normbook serve` changed the page.
    document.addEventListener('normbook:update', () => {
      read();
      apply();
    });
    read();
    fromAddress();
  }

  document.querySelectorAll('.filters').forEach(filter);
})();
