// Light or dark: as the system has it, until the reader says otherwise.
import {h} from './dom.mjs';

const dark = window.matchMedia('(prefers-color-scheme: dark)');

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : dark.matches;
}

/** Paper is light and as wide as it is; charts, which listen after this, are drawn for it. */
window.addEventListener('beforeprint', () => {
  document.documentElement.dataset.printing = '';
  document.dispatchEvent(new Event('theme'));
});
window.addEventListener('afterprint', () => {
  delete document.documentElement.dataset.printing;
  document.dispatchEvent(new Event('theme'));
});

export function themeButton() {
  const button = h('button', {type: 'button', class: 'theme', onclick: () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    say();
  }});
  const say = () => {
    button.textContent = isDark() ? 'light' : 'dark';
    button.setAttribute('aria-label', `Switch to ${button.textContent} colours`);
    document.dispatchEvent(new Event('theme'));
  };
  dark.addEventListener('change', say);
  say();
  return button;
}
