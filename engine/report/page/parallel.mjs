// Parallel coordinates: a line for each trial through its values, best ones on top, narrowed by brushes on the axes.
// At most 2,000 lines are drawn; what passes is counted over all trials.
import {h, s} from './dom.mjs';
import {count, shortened} from './format.mjs';
import {objectiveAxis, parameterAxis, positionsOn} from './scales.mjs';
import {Frame} from './chart.mjs';

/** Where a trial has no value: below the axis. */
const lane = -0.09;
const most = 2000;
const leastSpacing = 74;

function columnsOf(study) {
  const columns = study.parameters.map((parameter) => {
    const axis = parameterAxis(parameter);
    return {title: parameter.name, axis, positions: positionsOn(axis, parameter.of, study.count, lane), hasLane: parameter.isConditional};
  });
  for (const [k, objective] of study.objectives.entries()) {
    const axis = objectiveAxis([study], k);
    const within = (i) => (Number.isFinite(objective.column[i]) ? axis.from(Math.max(0, Math.min(1, axis.at(objective.column[i])))) : null);
    columns.push({title: objective.metric, axis, positions: positionsOn(axis, within, study.count, lane), hasLane: objective.column.some((value) => !Number.isFinite(value)), isObjective: true});
  }
  return columns;
}

export function parallelChart(state) {
  const {study} = state;
  const columns = columnsOf(study);
  const said = h('p', {class: 'hint', role: 'status'});
  const longest = Math.max(...columns.map((column) => column.title.length));
  const frame = new Frame({label: `Parallel coordinates of ${count(study.count)} trials`, height: 400, margin: {left: 62, right: 62, top: 48, bottom: 44}, draw});
  const brushes = new Brushes(frame, columns, state);
  frame.box.style.minWidth = `${columns.length * leastSpacing + 60}px`;

  function draw({width, height, context, svg, colours}) {
    const x = (k) => (columns.length > 1 ? (k * width) / (columns.length - 1) : width / 2);
    const y = (k, i) => height * (1 - columns[k].positions[i]);
    const ramp = d3.range(65).map((k) => colours.ramp(k / 64));
    const shown = state.shown(most);
    const line = (i) => {
      context.beginPath();
      context.moveTo(x(0), y(0, i));
      for (let k = 1; k < columns.length; ++k) context.lineTo(x(k), y(k, i));
      context.stroke();
    };
    drawOthers();
    drawShown();
    columns.forEach(drawAxis);
    brushes.place(x, height);
    said.textContent = `${count(state.passing)} of ${count(study.count)} trials pass` + (shown.length < state.passing ? `; ${count(shown.length)} are drawn: the best and an even sample` : '');
    return (layer) => {
      for (const [i, kind] of state.emphasised()) {
        layer.append(s('polyline', {class: `line ${kind}`, points: columns.map((_, k) => `${x(k).toFixed(1)},${y(k, i).toFixed(1)}`).join(' ')}));
      }
    };

    /** Trials that do not pass, faintly: a few hundred show where they lie. */
    function drawOthers() {
      if (state.passing === study.count) return;
      const every = Math.max(1, Math.floor((study.count - state.passing) / 300));
      context.strokeStyle = colours.line;
      context.lineWidth = 0.8;
      context.globalAlpha = 0.45;
      let skipped = 0;
      for (let i = 0; i < study.count; ++i) if (!state.passes[i] && skipped++ % every === 0) line(i);
    }

    function drawShown() {
      const ranks = study.goodness;
      shown.sort((a, b) => ranks[a] - ranks[b]);
      context.lineWidth = shown.length > 300 ? 0.9 : 1.3;
      const ink = Math.max(0.14, Math.min(0.95, 260 / shown.length));
      for (const i of shown) {
        const t = ranks[i];
        context.strokeStyle = t < 0 ? colours[study.state(i)] : ramp[Math.round(64 * t)];
        context.globalAlpha = ink * (t < 0 ? 0.5 : 0.4 + 0.6 * t);
        context.setLineDash(t < 0 ? [3, 3] : []);
        line(i);
      }
      context.setLineDash([]);
      context.globalAlpha = 1;
    }

    function drawAxis(column, k) {
      const at = x(k);
      svg.append(s('line', {class: 'pillar', x1: at, x2: at, y1: 0, y2: height}));
      if (column.hasLane) {
        const below = height * (1 - lane);
        svg.append(s('circle', {class: 'lane', cx: at, cy: below, r: 2.5}));
        svg.append(s('text', {class: 'halo', x: at, y: below + 15, 'text-anchor': 'middle'}, column.isObjective ? 'none' : 'inactive'));
      }
      for (const {value, text} of column.axis.ticks(column.axis.isListed ? 12 : 6)) {
        const place = height * (1 - column.axis.at(value));
        svg.append(s('line', {class: 'tick', x1: at - 3, x2: at + 3, y1: place, y2: place}),
                   s('text', {class: 'halo', x: at + 6, y: place + 4}, shortened(text, 10)));
      }
      const room = width / Math.max(1, columns.length - 1);
      const isStaggered = longest * 6.8 > room - 8;
      const characters = Math.max(6, Math.floor((isStaggered ? 2 : 1) * room / 6.8) - 1);
      const anchor = k === 0 ? 'start' : k === columns.length - 1 ? 'end' : 'middle';
      const shift = k === 0 ? -frame.margin.left + 4 : k === columns.length - 1 ? frame.margin.right - 4 : 0;
      svg.append(s('text', {class: column.isObjective ? 'head strong' : 'head', x: at + (isStaggered ? shift : 0), y: isStaggered && k % 2 ? -30 : -14, 'text-anchor': isStaggered ? anchor : 'middle'},
                   s('title', {}, column.title), shortened(column.title, characters)));
    }
  }

  frame.box.addEventListener('pointermove', (event) => state.hover(nearestLine(...frame.place(event))));
  frame.box.addEventListener('pointerleave', () => state.hover(-1));
  frame.box.addEventListener('click', (event) => {
    if (!event.target.closest('.brush')) state.pick(state.hovered);
  });
  frame.follow(state);

  /** The trial whose line passes nearest to a place between two axes; at an axis, where brushes are, none. */
  function nearestLine(px, py) {
    if (columns.length < 2) return -1;
    const step = frame.width / (columns.length - 1);
    const k = Math.floor(px / step);
    const t = px / step - k;
    if (k < 0 || k >= columns.length - 1 || Math.min(t, 1 - t) * step < 14) return -1;
    let best = -1;
    let least = 6;
    for (const i of state.shown(most)) {
      const at = frame.height * (1 - columns[k].positions[i] * (1 - t) - columns[k + 1].positions[i] * t);
      if (Math.abs(at - py) < least) [best, least] = [i, Math.abs(at - py)];
    }
    return best;
  }

  const help = h('p', {class: 'quiet hint'}, 'Drag along an axis to narrow the trials. With the keyboard: Tab to an axis, ↑ raises its lower end, ↓ lowers its upper end, Shift widens, Esc clears.');
  return h('div', {}, h('div', {class: 'wide'}, frame.box), said, help);
}

/** One brush for each axis, which stays while the chart is redrawn. */
class Brushes {
  constructor(frame, columns, state) {
    this.frame = frame;
    this.columns = columns;
    this.state = state;
    this.layer = s('g', {transform: frame.svg.getAttribute('transform')});
    frame.outer.append(this.layer);
    this.brushes = columns.map((column) => this.make(column));
    state.listen((what) => what === 'mask' && this.follow());
    this.follow();
    for (const column of columns) {
      const kept = state.brushes.get(column.title);
      if (kept) state.brush(column, kept.range);
    }
  }

  make(column) {
    const group = d3.select(this.layer).append('g').attr('class', 'brush').attr('tabindex', 0).attr('role', 'slider')
        .attr('aria-orientation', 'vertical').attr('aria-label', `Range of ${column.title}`)
        .attr('aria-valuemin', 0).attr('aria-valuemax', 100);
    const brush = d3.brushY().on('brush end', (event) => {
      if (event.sourceEvent) this.set(column, event.selection && event.selection.map((py) => 1 - py / this.height).reverse());
    });
    group.on('keydown', (event) => this.key(event, column));
    return {column, group, brush};
  }

  place(x, height) {
    if (this.height === height && this.width === this.frame.width) return;
    [this.height, this.width] = [height, this.frame.width];
    this.brushes.forEach(({group, brush, column}, k) => {
      brush.extent([[-13, -6], [13, height * (1 - (column.hasLane ? lane : 0)) + 6]]);
      group.attr('transform', `translate(${x(k)},0)`).call(brush);
    });
    this.follow();
  }

  /** Draws the brushes as the state has them. */
  follow() {
    for (const {column, group, brush} of this.brushes) {
      const range = this.state.brushes.get(column.title)?.range;
      const {axis} = column;
      const say = (t) => (t < 0 ? 'none' : axis.text(axis.from(Math.min(1, t))));
      group.attr('aria-valuetext', range ? `${say(range[0])} to ${say(range[1])}` : 'all');
      group.attr('aria-valuenow', Math.round(100 * (range ? Math.max(0, Math.min(1, (range[0] + range[1]) / 2)) : 0.5)));
      if (this.height) group.call(brush.move, range ? [(1 - range[1]) * this.height, (1 - range[0]) * this.height] : null);
    }
  }

  set(column, range) {
    this.state.brush(column, range);
  }

  key(event, column) {
    const bottom = column.hasLane ? lane - 0.02 : -0.001;
    const [low, high] = this.state.brushes.get(column.title)?.range ?? [bottom, 1.001];
    const step = column.axis.isListed ? 1 / column.axis.values.length : 0.05;
    const moves = {
      ArrowUp: event.shiftKey ? [low, high + step] : [low + step, high],
      ArrowDown: event.shiftKey ? [low - step, high] : [low, high - step],
      Escape: null, Delete: null,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    const range = moves[event.key];
    const isAll = !range || (range[0] <= bottom && range[1] >= 1.001);
    if (range && range[1] - range[0] < step / 2) return;
    this.set(column, isAll ? null : [Math.max(bottom, range[0]), Math.min(1.001, range[1])]);
  }
}
