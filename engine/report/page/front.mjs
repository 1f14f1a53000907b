// Two objectives against each other, with the trials that none beats in both.
import {s} from './dom.mjs';
import {count, counted} from './format.mjs';
import {frontOf} from './data.mjs';
import {objectiveAxis} from './scales.mjs';
import {Frame, Nearest, mark, pointing, ring} from './chart.mjs';

export function frontChart(state, first = 0, second = 1) {
  const {study} = state;
  const [a, b] = [study.objectives[first], study.objectives[second]];
  const [x, y] = [objectiveAxis([study], first), objectiveAxis([study], second)];
  const front = frontOf(study, [a, b]);
  let nearest = new Nearest([]);
  const frame = new Frame({label: `${a.metric} against ${b.metric}; ${counted(front.length, 'trial')} beaten by none in both`, height: 360, margin: {top: 26}, draw});

  function draw({width, height, context, svg, colours}) {
    const within = (t) => Math.max(-0.01, Math.min(1.01, t));
    const place = (i) => [width * within(x.at(a.column[i])), height * (1 - within(y.at(b.column[i])))];
    frame.yAxis(y, {title: b.metric});
    frame.xAxis(x, {title: a.metric});
    const places = [];
    for (let i = 0; i < study.count; ++i) {
      if (!Number.isFinite(a.column[i]) || !Number.isFinite(b.column[i])) continue;
      const colour = state.passes[i] ? colours[study.state(i)] : colours.line;
      context.fillStyle = colour;
      context.strokeStyle = colour;
      context.globalAlpha = 0.7;
      mark(context, study.state(i), ...place(i), study.count > 5000 ? 1.5 : 3);
      if (state.passes[i]) places.push([...place(i), i]);
    }
    context.globalAlpha = 1;
    nearest = new Nearest(places);
    // What the front reaches: from each of its trials to the next along both axes.
    const steps = front.map((i, k) => (k === 0 ? `M${place(i)}` : `H${place(i)[0]}V${place(i)[1]}`));
    svg.append(s('path', {class: 'line best', d: steps.join('')}));
    for (const i of front) svg.append(s('circle', {class: 'on-front', cx: place(i)[0], cy: place(i)[1], r: 4.5}));
    return (layer) => {
      for (const [i, kind] of state.emphasised()) {
        if (Number.isFinite(a.column[i]) && Number.isFinite(b.column[i])) ring(layer, ...place(i), kind);
      }
    };
  }

  pointing(frame, state, (px, py) => nearest.find(px, py));
  frame.follow(state);
  return {element: frame.box, words: `${count(front.length)} of ${count(study.ranking.length)} complete trials are beaten by none in both`};
}
