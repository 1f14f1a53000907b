// The objective of every trial in the order in which they came, or over time, with the best so far; other studies'
// best so far beside it.
import {h, s} from './dom.mjs';
import {count} from './format.mjs';
import {numberAxis, objectiveAxis} from './scales.mjs';
import {Frame, Nearest, mark, pointing, ring} from './chart.mjs';

/** Below the values: where trials without one are drawn. */
const laneHeight = 18;

/** Where trial i lies along the axis: its number, or the hours since the study began. */
const alongs = {
  trials: {title: 'trial', of: (study) => (i) => i},
  time: {title: 'time since the start, hours', of: (study) => (i) => (study.columns.started_s[i] + study.columns.duration_s[i]) / 3600},
};

export function historyChart(state, others) {
  const {study} = state;
  let along = 'trials';
  let nearest = new Nearest([]);
  const everything = [study, ...others];
  const yOf = objectiveAxis(everything);
  const frame = new Frame({
    label: `Objective of ${count(study.count)} trials with the best so far`, height: 340,
    margin: {bottom: 36 + laneHeight, top: 26}, draw,
  });

  function draw({width, height, context, svg, colours}) {
    const of = alongs[along].of(study);
    const last = Math.max(1e-9, ...everything.map((one) => lastOf(one, alongs[along].of(one))));
    const xAxis = numberAxis(0, last, 'linear', along === 'trials');
    const x = (i) => width * xAxis.at(of(i));
    const y = (value) => height * (1 - Math.max(-0.01, Math.min(1.01, yOf.at(value))));
    frame.yAxis(yOf, {title: study.objectives[0].metric});
    frame.xAxis(xAxis, {title: alongs[along].title, y: height + laneHeight});
    nearest = new Nearest(drawTrials(x, y));
    drawBest(study, x, y, 'best');
    for (const [k, other] of others.entries()) {
      const ofOther = alongs[along].of(other);
      drawBest(other, (i) => width * xAxis.at(ofOther(i)), y, `best other other-${k % 3}`);
    }
    if (everything.length > 1) label();
    return highlight;

    function drawTrials(xAt, yAt) {
      const places = [];
      const r = study.count > 5000 ? 1.5 : study.count > 500 ? 2.4 : 3.6;
      context.lineWidth = 1.5;
      for (const isPassing of [0, 1]) {
        for (let i = 0; i < study.count; ++i) {
          if (state.passes[i] !== isPassing || Number.isNaN(of(i))) continue;
          const value = study.value[i];
          const name = study.state(i);
          const colour = isPassing ? colours[name] : colours.line;
          context.fillStyle = colour;
          context.strokeStyle = colour;
          context.globalAlpha = isPassing ? (study.count > 5000 ? 0.5 : 0.8) : 0.5;
          const px = xAt(i);
          const py = Number.isFinite(value) ? yAt(value) : height + laneHeight / 2;
          if (r < 2 && Number.isFinite(value)) context.fillRect(px - 1, py - 1, 2, 2);
          else mark(context, name, px, py, r);
          if (isPassing) places.push([px, py, i]);
        }
      }
      context.globalAlpha = 1;
      return places;
    }

    function drawBest(one, xAt, yAt, kind) {
      let path = '';
      let from = NaN;
      for (let i = 0; i < one.count; ++i) {
        if (Number.isNaN(one.best[i]) || (one.best[i] === from && i < one.count - 1)) continue;
        const px = xAt(i);
        if (!Number.isFinite(px)) continue;
        path += path ? `H${px.toFixed(1)}V${yAt(one.best[i]).toFixed(1)}` : `M${px.toFixed(1)},${yAt(one.best[i]).toFixed(1)}`;
        from = one.best[i];
      }
      if (path) svg.append(s('path', {class: `line ${kind}`, d: path}));
    }

    function label() {
      everything.forEach((one, k) => {
        const at = lastOf(one, alongs[along].of(one));
        const end = one.best[one.count - 1];
        if (!Number.isFinite(end)) return;
        svg.append(s('text', {class: 'direct', x: Math.min(width, width * xAxis.at(at)) - 4,
                              y: y(end) + (k % 2 ? 14 : -6), 'text-anchor': 'end'}, one.name));
      });
    }

    function highlight(layer) {
      for (const [i, kind] of state.emphasised()) {
        if (!Number.isNaN(of(i))) ring(layer, x(i), Number.isFinite(study.value[i]) ? y(study.value[i]) : height + laneHeight / 2, kind);
      }
    }
  }

  pointing(frame, state, (px, py) => nearest.find(px, py));
  frame.follow(state);
  const choose = (name, text) => h('button', {type: 'button', 'aria-pressed': String(along === name), onclick: (event) => {
    along = name;
    for (const button of event.currentTarget.parentElement.children) button.setAttribute('aria-pressed', String(button === event.currentTarget));
    frame.redraw();
  }}, text);
  const tools = h('div', {class: 'choices', role: 'group', 'aria-label': 'Order of the trials'}, choose('trials', 'by trial'), choose('time', 'over time'));
  return {tools, box: frame.box};
}

function lastOf(study, of) {
  let last = 0;
  for (let i = 0; i < study.count; ++i) if (of(i) > last) last = of(i);
  return last;
}
