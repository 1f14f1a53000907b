// When each trial ran and where: a lane for each device.
import {s} from './dom.mjs';
import {count, duration, shortened} from './format.mjs';
import {numberAxis} from './scales.mjs';
import {Frame, pointing} from './chart.mjs';

/** Seconds in the unit that suits a span. */
function unitOf(span) {
  for (const [unit, size] of [['days', 86400], ['hours', 3600], ['minutes', 60]]) if (span > 2 * size) return {unit, size};
  return {unit: 'seconds', size: 1};
}

export function timelineChart(state) {
  const {study} = state;
  const lanes = study.resources;
  const laneOf = (i) => Math.max(0, lanes.indexOf(study.resource(i)));
  const {started_s: started, duration_s: took} = study.columns;
  const ran = d3.range(study.count).filter((i) => Number.isFinite(started[i]) && Number.isFinite(took[i]));
  const end = d3.max(ran, (i) => started[i] + took[i]) ?? 1;
  const busy = d3.sum(ran, (i) => took[i]);
  const {unit, size} = unitOf(end);
  const axis = numberAxis(0, Math.max(end, 1e-6) / size);
  const rowOf = lanes.length > 24 ? 9 : lanes.length > 8 ? 16 : 26;
  const longest = Math.max(...lanes.map((name) => Math.min(18, name.length)));
  const frame = new Frame({
    label: `Timeline of ${count(ran.length)} trials on ${lanes.length} devices over ${duration(end)}`,
    height: lanes.length * rowOf + 50, margin: {left: 18 + 7 * longest, top: 6, bottom: 42}, draw,
  });
  const x = (seconds) => frame.width * axis.at(seconds / size);

  function draw({width, height, context, svg, colours}) {
    lanes.forEach((name, k) => {
      if (k > 0) svg.append(s('line', {class: 'grid', x1: 0, x2: width, y1: k * rowOf, y2: k * rowOf}));
      if (rowOf > 9 || k % 3 === 0) svg.append(s('text', {class: 'name', x: -10, y: k * rowOf + rowOf / 2 + 4, 'text-anchor': 'end'}, shortened(name, 18)));
    });
    for (const i of ran) {
      const [left, top] = [x(started[i]), laneOf(i) * rowOf + 2];
      const w = Math.max(0.7, x(started[i] + took[i]) - left - 0.6);
      const isPassing = state.passes[i];
      context.fillStyle = isPassing ? colours[study.state(i)] : colours.line;
      context.globalAlpha = isPassing ? (i % 2 ? 0.75 : 0.9) : 0.5;
      context.fillRect(left, top, w, rowOf - 4);
      if (study.state(i) !== 'complete' && w > 3 && rowOf > 9) hatch(left, top, w, rowOf - 4, study.state(i));
    }
    context.globalAlpha = 1;
    frame.xAxis(axis, {title: `${unit} since the start`});
    return highlight;

    function highlight(layer) {
      for (const [i, kind] of state.emphasised()) {
        if (!Number.isFinite(took[i])) continue;
        const left = x(started[i]);
        layer.append(s('rect', {class: `ring ${kind}`, x: left - 1.5, y: laneOf(i) * rowOf + 0.5, width: Math.max(3, x(started[i] + took[i]) - left + 2), height: rowOf - 1, rx: 2}));
      }
    }

    /** A failed trial ends in a cross, a stopped one in stripes: colour is not all that tells them. */
    function hatch(left, top, w, tall, name) {
      context.save();
      context.beginPath();
      context.rect(left, top, w, tall);
      context.clip();
      context.strokeStyle = colours.paper;
      context.lineWidth = 1.2;
      context.beginPath();
      for (let px = left - tall; px < left + w; px += 6) {
        context.moveTo(px, top + tall);
        context.lineTo(px + tall, top);
        if (name !== 'failed') continue;
        context.moveTo(px, top);
        context.lineTo(px + tall, top + tall);
      }
      context.stroke();
      context.restore();
    }
  }

  function find(px, py) {
    const k = Math.floor(py / rowOf);
    const seconds = axis.from(px / frame.width) * size;
    const slack = (3 / frame.width) * end;
    return ran.find((i) => laneOf(i) === k && seconds >= started[i] - slack && seconds <= started[i] + took[i] + slack) ?? -1;
  }

  pointing(frame, state, find);
  frame.follow(state);
  const use = busy / (end * lanes.length);
  return {element: frame.box, words: ran.length ? `${duration(end)} from first start to last end; the devices were busy ${Math.round(100 * use)} % of it.` : 'No trial has run yet.'};
}
