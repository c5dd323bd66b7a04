// Buttons that copy the address of the page or of a paragraph, its citation,
// and the citation's formats, and one that prints. Without this file the
// citation is text to select, and the paragraph signs are plain links.
'use strict';
(() => {
  const status = document.createElement('p');
  status.className = 'unseen';
  status.setAttribute('role', 'status');
  document.body.append(status);

  function say(text) {
    status.textContent = '';
    requestAnimationFrame(() => { status.textContent = text; });
  }

  async function copy(text, what) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page that is not served securely has no clipboard of that kind.
      const area = document.createElement('textarea');
      area.value = text;
      area.className = 'unseen';
      document.body.append(area);
      area.select();
      const copied = document.execCommand('copy');
      area.remove();
      if (!copied) return say(`${what} could not be copied`);
    }
    say(`${what} copied`);
  }

  function button(label, act) {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = label;
    made.addEventListener('click', () => act(made));
    return made;
  }

  function row(...buttons) {
    const made = document.createElement('p');
    made.className = 'tools';
    made.append(...buttons);
    return made;
  }

  // The published address where it is known; else the one in the window.
  function address(anchor = '') {
    const known = document.querySelector('link[rel="canonical"]')?.href;
    return (known ?? location.href.split(/[?#]/)[0]) + anchor;
  }

  // The citation of the page, or of the paragraph that a sign stands at.
  const citation = document.querySelector('.citation-text');
  function cite(sign) {
    const copy = citation.cloneNode(true);
    if (sign) {
      const name = sign.getAttribute('aria-label').replace(/^Link to /, '').replace(/^p(\d+)$/, 'para. $1');
      copy.querySelector('.cite-place')?.append(`, ${name}`);
      const place = copy.querySelector('.address');
      if (place) place.append(sign.hash);
    }
    return copy.textContent.replace(/\s+/g, ' ').trim();
  }

  function download(pre) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([pre.textContent]));
    link.download = pre.dataset.file;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  if (citation) {
    citation.after(row(
      button('Copy citation', () => copy(cite(), 'Citation')),
      button('Copy link', () => copy(address(), 'Link')),
      button('Print', () => print()),
    ));
  }
  for (const pre of document.querySelectorAll('.formats pre')) {
    const name = pre.previousElementSibling.textContent;
    pre.after(row(
      button(`Copy ${name}`, () => copy(pre.textContent, name)),
      button(`Download ${name}`, () => download(pre)),
    ));
  }

  // The sign at a paragraph still leads to it, and offers to copy.
  let menu = null;
  function close() {
    menu?.remove();
    menu = null;
  }
  document.addEventListener('click', (event) => {
    const sign = event.target.closest?.('.norm-text .permalink');
    if (!sign) {
      if (!menu?.contains(event.target)) close();
      return;
    }
    close();
    const done = (text, what) => copy(text, what).then(() => {
      close();
      sign.focus({ preventScroll: true });
    });
    menu = row(button('Copy link', () => done(address(sign.hash), 'Link')));
    if (citation) menu.append(button('Copy citation', () => done(cite(sign), 'Citation')));
    menu.classList.add('tools-menu');
    sign.after(menu);
    // After the browser has gone to the paragraph, which takes the focus away.
    setTimeout(() => menu?.firstChild.focus({ preventScroll: true }));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu) return;
    const sign = menu.previousElementSibling;
    close();
    sign.focus({ preventScroll: true });
  });
})();
