// The objective against each parameter: every trial, and what the model expects along the parameter while the others
// stay as in one trial, with the band that holds 90 of 100 values.
import {h, s} from './dom.mjs';
import {percent} from './format.mjs';
import {objectiveAxis, parameterAxis} from './scales.mjs';
import {unpack} from './data.mjs';
import {Frame, Nearest, mark, pointing, ring} from './chart.mjs';

const laneHeight = 14;
const within90 = 1.645;

function sliceOf(study, index) {
  const found = study.model.slices?.find((slice) => slice.parameter === index);
  if (!found) return null;
  return {...found, values: numbersOf(found.values), mean: unpack(found.mean), stddev: unpack(found.stddev)};
}

/** Values of a slice or contour: packed where they are numbers. */
export function numbersOf(values) {
  return typeof values === 'string' ? [...unpack(values)] : values;
}

/** A place of its own for each trial around a listed value: the golden ratio spreads any run of them. */
function jitter(i, step) {
  return ((i * 0.618034) % 1 - 0.5) * 0.5 * step;
}

export function sliceCharts(state) {
  const {study} = state;
  const y = objectiveAxis([study]);
  const shares = new Map((study.model.importance ?? []).map((row) => [row.name, row.total[0]]));
  const order = study.parameters.map((_, k) => k).sort((a, b) => (shares.get(study.parameters[b].name) ?? 0) - (shares.get(study.parameters[a].name) ?? 0) || a - b);
  return h('div', {class: 'multiples'}, order.map((k) => oneSlice(state, k, y, shares.get(study.parameters[k].name))));
}

function oneSlice(state, index, y, share) {
  const {study} = state;
  const parameter = study.parameters[index];
  const axis = parameterAxis(parameter);
  const slice = sliceOf(study, index);
  let nearest = new Nearest([]);
  const frame = new Frame({label: `${study.objectives[0].metric} against ${parameter.name}`, height: 218, margin: {top: 8, left: 48, bottom: 26 + laneHeight}, draw});

  function draw({width, height, context, svg, colours}) {
    const step = parameter.isListed ? width / parameter.values.length : 0;
    const yAt = (value) => height * (1 - Math.max(-0.02, Math.min(1.02, y.at(value))));
    const xAt = (value) => width * axis.at(value);
    const place = (i) => {
      const value = parameter.of(i);
      if (value === null) return null;
      return [xAt(value) + (step ? jitter(i, step) : 0), Number.isFinite(study.value[i]) ? yAt(study.value[i]) : height + laneHeight / 2];
    };
    frame.yAxis(y);
    frame.xAxis(axis, {y: height + laneHeight});
    if (slice) drawModel();
    const shown = state.shown();
    const places = [];
    context.lineWidth = 1.2;
    for (const i of shown) {
      const at = place(i);
      if (!at) continue;
      const colour = colours[study.state(i)];
      context.fillStyle = colour;
      context.strokeStyle = colour;
      context.globalAlpha = shown.length > 500 ? 0.35 : 0.75;
      mark(context, study.state(i), ...at, shown.length > 500 ? 1.8 : 2.6);
      places.push([...at, i]);
    }
    context.globalAlpha = 1;
    nearest = new Nearest(places);
    return (layer) => {
      for (const [i, kind] of state.emphasised()) {
        const at = place(i);
        if (at) ring(layer, ...at, kind);
      }
    };

    function drawModel() {
      const low = (k) => yAt(slice.mean[k] - within90 * slice.stddev[k]);
      const high = (k) => yAt(slice.mean[k] + within90 * slice.stddev[k]);
      if (parameter.isListed) {
        slice.values.forEach((value, k) => {
          const x = xAt(value);
          const half = Math.min(22, step * 0.35);
          svg.append(s('rect', {class: 'band', x: x - half, width: 2 * half, y: Math.min(low(k), high(k)), height: Math.abs(low(k) - high(k))}),
                     s('line', {class: 'line mean', x1: x - half, x2: x + half, y1: yAt(slice.mean[k]), y2: yAt(slice.mean[k])}));
        });
        return;
      }
      const places = slice.values.map((value, k) => [xAt(value), k]);
      const area = d3.area().x(([x]) => x).y0(([, k]) => low(k)).y1(([, k]) => high(k));
      const line = d3.line().x(([x]) => x).y(([, k]) => yAt(slice.mean[k]));
      svg.append(s('path', {class: 'band', d: area(places)}), s('path', {class: 'line mean', d: line(places)}));
    }
  }

  pointing(frame, state, (px, py) => nearest.find(px, py));
  frame.follow(state);
  return h('figure', {class: 'multiple'}, h('figcaption', {}, h('b', {}, parameter.name),
      h('span', {class: 'quiet'}, share === undefined ? '' : ` ${percent(share)}`,
        slice?.trial === null || slice?.trial === undefined || slice.trial === study.winner?.trial ? '' : `, others as in trial ${slice.trial}`)), frame.box);
}
