// Several studies: how they compare, and which one the page is about.
import {h} from './dom.mjs';
import {count, duration, number} from './format.mjs';

/** How many trials the study needed to reach a value; null where it never did. */
export function trialsTo(study, value) {
  for (let i = 0; i < study.count; ++i) if (study.best[i] * study.sign <= value * study.sign) return i + 1;
  return null;
}

export function studiesTable(studies, shown, show) {
  const reached = studies.map((study) => study.best[study.count - 1]).filter(Number.isFinite);
  const sign = studies[0].sign;
  // The value that all of them reached is where their speeds can be compared.
  const common = reached.length ? Math.max(...reached.map((value) => value * sign)) * sign : NaN;
  const head = ['study', 'trials', 'best', `trials to reach ${number(common)}`, 'took', 'strategy'];
  return h('table', {class: 'studies'}, h('caption', {class: 'unseen'}, 'Studies'),
      h('thead', {}, h('tr', {}, head.map((title, k) => h('th', {scope: 'col', class: k > 0 && k < 5 ? 'number' : null}, title)))),
      h('tbody', {}, studies.map((study, k) => h('tr', {},
          h('th', {scope: 'row'}, h('button', {type: 'button', 'aria-pressed': String(k === shown), onclick: () => show(k)}, study.name)),
          [count(study.count), number(study.best[study.count - 1], 5), trialsTo(study, common) ?? '–', duration(study.active_s)].map((text) => h('td', {class: 'number'}, String(text))),
          h('td', {}, study.strategy || '–')))));
}
