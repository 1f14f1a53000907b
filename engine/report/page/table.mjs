// All trials as a table: sorted by its heads, filtered by a line of text, and drawn only where it is looked at.
import {h, once, whileShown} from './dom.mjs';
import {count, duration, moment, number, valueText} from './format.mjs';
import {parseFilter} from './filter.mjs';
import {parameterAxis} from './scales.mjs';

const rowHeight = 30;

/** Columns: {title, of(trial) for sorting, text(trial), isNumber}. */
function columnsOf(study) {
  const objective = study.objectives.map((o) => ({title: o.metric, of: (i) => o.column[i], text: (i) => number(o.column[i], 6), isNumber: true}));
  const parameter = study.parameters.map((p) => ({
    title: p.name, of: (i) => p.of(i), text: (i) => (p.of(i) === null ? '' : valueText(p.of(i))), isNumber: !p.isListed || typeof p.values[0] === 'number',
  }));
  const metric = study.metrics.map((m) => ({title: m.name, of: (i) => m.column[i], text: (i) => number(m.column[i]), isNumber: true}));
  return [
    {title: 'trial', of: (i) => i, text: (i) => String(i), isNumber: true},
    {title: 'state', of: study.state, text: (i) => (study.failure(i) ? `${study.state(i)}: ${study.failure(i)}` : study.state(i)), isState: true},
    ...objective, ...parameter, ...metric,
    {title: 'took', of: (i) => study.columns.duration_s[i], text: (i) => duration(study.columns.duration_s[i]), isNumber: true},
    ...(study.columns.started_s.some(Number.isFinite) ? [{title: 'started', of: (i) => study.columns.started_s[i], text: (i) => startOf(study, i)}] : []),
    ...(study.resources.length ? [{title: 'on', of: study.resource, text: (i) => study.resource(i) ?? ''}] : []),
  ];
}

/** When a trial started, in UTC. */
function startOf(study, i) {
  const started = study.columns.started_s[i];
  return Number.isNaN(started) ? '' : moment(new Date(study.originMs + 1000 * started).toISOString(), 19);
}

/** A filter that this study could have. */
function exampleOf(study) {
  const [first] = study.parameters;
  const term = first.isListed ? `${first.name}=${first.values[0]}` : `${first.name}<${Number(parameterAxis(first).from(0.5).toPrecision(2))}`;
  return `${term} state=complete`;
}

/** Ascending, absent values last in any order. */
function compare(a, b, sign) {
  const isAbsent = (v) => v === null || v === undefined || Number.isNaN(v);
  if (isAbsent(a) || isAbsent(b)) return isAbsent(a) - isAbsent(b);
  return sign * (a < b ? -1 : a > b ? 1 : 0);
}

export function trialTable(state) {
  const {study} = state;
  const columns = columnsOf(study);
  let sorted = {column: columns[2], sign: study.sign};
  let sequence = [];  // all trials in the order of the sorting
  let rows = [];      // those of them that pass
  let isStale = false;
  let inSight = true;
  const body = h('tbody', {});
  const heads = columns.map((column) => h('th', {scope: 'col', class: column.isNumber ? 'number' : null, 'aria-sort': 'none'},
      h('button', {type: 'button', onclick: () => sortBy(column)}, column.title, h('span', {class: 'arrow', 'aria-hidden': 'true'}))));
  const table = h('table', {class: 'trials', 'aria-rowcount': String(study.count + 1)}, h('caption', {class: 'unseen'}, 'All trials'), h('thead', {}, h('tr', {'aria-rowindex': '1'}, heads)), body);
  const scroller = h('div', {class: 'scroller', tabindex: '0', role: 'region', 'aria-label': 'Trials, scrollable'}, table);
  const say = h('p', {class: 'said', role: 'status'});
  const input = h('input', {type: 'search', id: 'filter', placeholder: exampleOf(study), autocomplete: 'off', spellcheck: 'false', oninput: filterBy});

  function filterBy() {
    const {test, problems} = parseFilter(input.value, study);
    input.setAttribute('aria-invalid', String(problems.length > 0));
    state.setFilter(test, input.value);
    say.classList.toggle('problem', problems.length > 0);
    if (problems.length) say.textContent = problems.join('; ');
  }

  function sortBy(column) {
    const first = column.title === study.objectives[0].metric ? study.sign : 1;
    sorted = {column, sign: sorted.column === column ? -sorted.sign : first};
    order();
  }

  function order() {
    const values = Array.from({length: study.count}, (_, i) => sorted.column.of(i));
    sequence = values.map((_, i) => i).sort((a, b) => compare(values[a], values[b], sorted.sign) || a - b);
    columns.forEach((column, k) => {
      const way = column === sorted.column ? (sorted.sign > 0 ? 'ascending' : 'descending') : 'none';
      heads[k].setAttribute('aria-sort', way);
    });
    select();
  }

  function narrowed() {
    if (state.filterText === '') input.value = '';
    select();
  }

  /** The rows that pass; found when the table is in sight. */
  function select() {
    say.classList.remove('problem');
    say.textContent = state.passing === study.count ? `${count(study.count)} trials` : `${count(state.passing)} of ${count(study.count)} trials`;
    isStale = !inSight;
    if (isStale) return;
    rows = sequence.filter((i) => state.passes[i]);
    scroller.scrollTop = 0;
    show();
  }

  function row(i, at) {
    const cells = columns.map((column) => h('td', {class: column.isNumber ? 'number' : column.isState ? `state ${study.state(i)}` : null, title: column.isState ? study.reasons[i] : null}, column.text(i)));
    cells[0] = h('th', {scope: 'row', class: 'number'}, h('button', {type: 'button', 'aria-pressed': String(state.picked.includes(i)), 'aria-label': `Trial ${i}`, onclick: () => state.pick(i)}, String(i)));
    return h('tr', {'data-trial': i, 'aria-rowindex': String(at + 2), class: rowClass(i), onpointerenter: () => state.hover(i)}, cells);
  }

  function rowClass(i) {
    return [i === state.hovered && 'hovered', state.picked.includes(i) && 'picked', i === study.winner?.trial && 'winner'].filter(Boolean).join(' ') || null;
  }

  /** The rows in sight and a few around them, between two empty ones of the height of all others. */
  function show(first = Math.floor(scroller.scrollTop / rowHeight) - 10, height = scroller.clientHeight || 480) {
    const begin = Math.max(0, first);
    const end = Math.min(rows.length, begin + Math.ceil(height / rowHeight) + 20);
    const gap = (n) => h('tr', {class: 'gap', 'aria-hidden': 'true'}, h('td', {colspan: columns.length}));
    const [before, after] = [gap(begin), gap(rows.length - end)];
    before.firstChild.style.height = `${begin * rowHeight}px`;
    after.firstChild.style.height = `${(rows.length - end) * rowHeight}px`;
    body.replaceChildren(before, ...rows.slice(begin, end).map((i, k) => row(i, begin + k)), after);
  }

  function restyle() {
    for (const tr of body.children) {
      const i = Number(tr.dataset.trial);
      if (Number.isNaN(i)) continue;
      tr.className = rowClass(i) ?? '';
      tr.querySelector('button').setAttribute('aria-pressed', String(state.picked.includes(i)));
    }
  }

  /** Up and down point at the row before or after, Enter picks it. */
  function key(event) {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      const at = Math.max(0, Math.min(rows.length - 1, rows.indexOf(state.hovered) + step));
      event.preventDefault();
      scroller.scrollTop = Math.max(at * rowHeight - scroller.clientHeight + 4 * rowHeight, Math.min(scroller.scrollTop, at * rowHeight));
      state.hover(rows[at]);
    } else if (event.key === 'Enter' && event.target === scroller) {
      state.pick(state.hovered);
    }
  }

  const later = {mask: narrowed, hover: once(restyle), pick: once(restyle)};
  state.listen((what) => later[what]());
  scroller.addEventListener('scroll', once(() => show()));
  scroller.addEventListener('pointerleave', () => state.hover(-1));
  scroller.addEventListener('keydown', key);
  new ResizeObserver(once(() => show())).observe(scroller);
  new IntersectionObserver(([entry]) => {
    inSight = entry.isIntersecting;
    if (inSight && isStale) select();
  }).observe(scroller);
  whileShown(scroller, window, 'beforeprint', () => {
    inSight = true;
    select();
    show(0, 18 * rowHeight);
  });
  order();
  if (state.filterText) {
    input.value = state.filterText;
    filterBy();
  }
  return {element: h('div', {}, h('div', {class: 'filter'}, h('label', {for: 'filter'}, 'Filter'), input, say), scroller)};
}
