// The best trial: its configuration to copy, its learning curve, and what to do with it.
import {h} from './dom.mjs';
import {count, number} from './format.mjs';
import {oneCurve} from './curves.mjs';
import {distributionChart} from './distribution.mjs';

/** A block of text with a button that copies it. */
export function copyable(text, label) {
  const button = h('button', {type: 'button', class: 'copy', onclick: async () => {
    await copyText(text);
    button.textContent = 'copied';
    setTimeout(() => (button.textContent = 'copy'), 1500);
  }, 'aria-label': `Copy ${label}`}, 'copy');
  return h('div', {class: 'copyable'}, h('pre', {tabindex: '0', 'aria-label': label}, text), button);
}

/** A file opened from disk may not use the clipboard everywhere; a selection works there. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h('textarea', {class: 'unseen', 'aria-hidden': 'true'});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
}

/** What its sampler said of it. */
const suggested = {exploit: ', suggested to exploit what was known', explore: ', suggested to explore', design: ', of the initial design', random: ', suggested at random', grid: ', of the grid', promotion: ', a promotion'};

export function winnerCard(state) {
  const {study} = state;
  const {winner} = study;
  if (!winner) return h('p', {class: 'empty'}, 'No trial is complete yet.');
  const figures = study.objectives.map((objective) => h('p', {class: 'figure'},
      h('span', {class: 'big'}, number(objective.column[winner.trial], 5)), ' ', h('span', {class: 'quiet'}, objective.metric)));
  return h('div', {class: 'winner-card'},
      h('div', {}, figures,
        h('p', {class: 'quiet'}, `trial ${count(winner.trial)} of ${count(study.count)}`, suggested[study.mode(winner.trial)] ?? ''),
        copyable(winner.yaml, 'configuration as YAML')),
      h('div', {}, study.curves.has(winner.trial) ? oneCurve(study, winner.trial) : distributionChart(study)));
}
