// Which mark stands for which state.
import {h, s} from './dom.mjs';
import {count} from './format.mjs';
import {objectiveAxis} from './scales.mjs';

const shapes = {
  complete: () => s('circle', {cx: 8, cy: 8, r: 4, class: 'full complete'}),
  pruned: () => s('path', {d: 'M8,3L13,8L8,13L3,8Z', class: 'open pruned'}),
  failed: () => s('path', {d: 'M4,4L12,12M4,12L12,4', class: 'open failed'}),
};

export function legend(study) {
  const counts = new Map();
  for (let i = 0; i < study.count; ++i) counts.set(study.state(i), (counts.get(study.state(i)) ?? 0) + 1);
  const names = {pruned: 'stopped early'};
  const items = [...counts].map(([state, n]) => h('li', {}, symbol(shapes[state]?.() ?? s('path', {d: 'M8,3L13,12L3,12Z', class: `open ${state}`})), ` ${count(n)} ${names[state] ?? state}`));
  const winner = study.winner && h('li', {}, symbol(s('circle', {cx: 8, cy: 8, r: 5.5, class: 'ring winner'})), ' the winner');
  const axis = objectiveAxis([study]);
  const isBeyond = study.value.some((value) => Number.isFinite(value) && Math.abs(axis.at(value) - 0.5) > 0.5);
  return h('ul', {class: 'legend', 'aria-label': 'Marks'}, items, winner, isBeyond ? h('li', {}, 'marks at an edge lie beyond it') : null);
}

function symbol(shape) {
  return s('svg', {width: 16, height: 16, viewBox: '0 0 16 16', 'aria-hidden': 'true'}, shape);
}
