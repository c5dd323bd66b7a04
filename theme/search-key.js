// The key `/` leads to the search box of the page. Without this file the box
// is reached as any other.
'use strict';
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
  const box = document.querySelector('form[role="search"] input[name="q"]');
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.select();
});
