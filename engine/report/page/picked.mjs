// What is known of the trial that is pointed at, and picked trials side by side.
import {h, once, whileShown} from './dom.mjs';
import {duration, number, valueText} from './format.mjs';

/** Rows of a trial: [name, text]. */
function factsOf(study, i) {
  return [
    ['state', study.failure(i) ? `${study.state(i)}: ${study.failure(i)}` : study.state(i)],
    ...study.objectives.map((o) => [o.metric, number(o.column[i], 5)]),
    ...study.parameters.map((p) => [p.name, p.of(i) === null ? '–' : valueText(p.of(i))]),
    ...study.metrics.map((m) => [m.name, number(m.column[i])]),
    ['took', duration(study.columns.duration_s[i])],
  ];
}

/** A small box beside the pointer. */
export function tip(state) {
  const {study} = state;
  const box = h('div', {class: 'tip', 'aria-hidden': 'true', hidden: true});
  let pointer = [0, 0];
  const show = once(() => {
    const i = state.hovered;
    box.hidden = i < 0;
    if (i < 0) return;
    const facts = factsOf(study, i).filter(([, text]) => text !== '–').slice(0, 16);
    box.replaceChildren(h('b', {}, `trial ${i}`), h('dl', {}, facts.flatMap(([name, text]) => [h('dt', {}, name), h('dd', {}, text)])));
    const {offsetWidth: w, offsetHeight: tall} = box;
    const left = pointer[0] + 18 + w > window.innerWidth ? pointer[0] - w - 18 : pointer[0] + 18;
    box.style.left = `${Math.max(4, left)}px`;
    box.style.top = `${Math.max(4, Math.min(window.innerHeight - tall - 4, pointer[1] + 14))}px`;
  });
  whileShown(box, document, 'pointermove', (event) => {
    pointer = [event.clientX, event.clientY];
    if (state.hovered >= 0) show();
  });
  state.listen((what) => what === 'hover' && show());
  return box;
}

/** Picked trials side by side, what differs first. */
export function pickedPanel(state) {
  const {study} = state;
  const panel = h('aside', {class: 'picked-panel', 'aria-label': 'Picked trials', hidden: true});
  const show = () => {
    panel.hidden = state.picked.length === 0;
    if (panel.hidden) return;
    const facts = state.picked.map((i) => factsOf(study, i));
    const rows = facts[0].map(([name], k) => ({name, texts: facts.map((fact) => fact[k][1])}));
    const differs = (row) => row.texts.some((text) => text !== row.texts[0]);
    rows.sort((a, b) => differs(b) - differs(a));
    const reasons = state.picked.map((i) => study.reasons[i] ?? '');
    if (reasons.some(Boolean)) rows.push({name: 'reason', texts: reasons});
    panel.replaceChildren(
        h('div', {class: 'panel-head'}, h('b', {}, state.picked.length > 1 ? 'Side by side' : 'Picked'), h('button', {type: 'button', onclick: () => state.picked.slice().forEach((i) => state.pick(i))}, 'close')),
        h('div', {class: 'panel-body', tabindex: '0', role: 'region', 'aria-label': 'Picked trials, scrollable'}, h('table', {},
            h('thead', {}, h('tr', {}, h('td', {}), state.picked.map((i) => h('th', {scope: 'col'}, `trial ${i}`, ' ', h('button', {type: 'button', class: 'drop', 'aria-label': `Put trial ${i} back`, onclick: () => state.pick(i)}, '×'))))),
            h('tbody', {}, rows.map((row) => h('tr', {class: differs(row) ? 'differs' : null}, h('th', {scope: 'row'}, row.name), row.texts.map((text) => h('td', {}, text))))))));
  };
  state.listen((what) => what === 'pick' && show());
  show();
  return panel;
}
