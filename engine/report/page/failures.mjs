// Failed trials by class, with their last lines.
import {h} from './dom.mjs';
import {counted} from './format.mjs';

const meanings = {
  exit_code: 'the program ended with an error', signal: 'ended by a signal', oom: 'out of memory', timeout: 'ran longer than allowed',
  nan: 'its objective was no finite number', no_metric: 'it reported no objective', lost: 'nothing of it was left', start: 'could not be started', stopped: 'ended by the user',
};

export function failureList(state) {
  const {study} = state;
  if (study.failures.length === 0) return h('p', {class: 'empty'}, 'No trial failed.');
  return h('div', {class: 'failures'}, study.failures.map((failure) => h('article', {},
      h('h3', {}, failure.class, ' ', h('span', {class: 'quiet'}, `${counted(failure.count, 'trial')}${meanings[failure.class] ? `: ${meanings[failure.class]}` : ''}`)),
      h('p', {class: 'chips'}, failure.trials.slice(0, 20).map((trial) => trialButton(state, trial)), failure.count > 20 ? h('span', {class: 'quiet'}, `and ${failure.count - 20} more`) : null),
      failure.examples.slice(0, 1).map(example),
      failure.examples.length > 1 ? h('details', {}, h('summary', {}, counted(failure.examples.length - 1, 'more example')), failure.examples.slice(1).map(example)) : null)));
}

function example({trial, reason, lines}) {
  const text = lines.length ? lines.join('\n') : reason || 'It left no line.';
  const title = lines.length ? `Trial ${trial}, last lines` : `Trial ${trial}`;
  return h('div', {}, h('p', {class: 'quiet'}, title), h('pre', {tabindex: '0', 'aria-label': title}, text));
}

export function trialButton(state, trial) {
  return h('button', {type: 'button', class: 'chip', 'aria-label': `Trial ${trial}`, onclick: () => state.pick(trial), onpointerenter: () => state.hover(trial), onpointerleave: () => state.hover(-1)}, String(trial));
}
