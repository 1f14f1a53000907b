// Learning curves: what trials reported step by step; how a curve ends says what became of its trial.
import {s} from './dom.mjs';
import {number} from './format.mjs';
import {numberAxis, valueAxis} from './scales.mjs';
import {Frame, Nearest, mark, pointing, ring} from './chart.mjs';

/** The axes that hold all these curves. */
export function curveAxes(curves, sign) {
  let last = 1;
  let first = Infinity;
  const values = [];
  for (const {steps, values: own} of curves) {
    first = Math.min(first, steps[0]);
    last = Math.max(last, steps[steps.length - 1]);
    values.push(...own);
  }
  return {x: numberAxis(Math.min(first, last), last, 'linear', true), y: valueAxis(values, sign)};
}

export function trace(context, curve, x, y) {
  context.beginPath();
  for (let k = 0; k < curve.steps.length; ++k) {
    const place = [x(curve.steps[k]), y(curve.values[k])];
    if (k === 0) context.moveTo(...place);
    else context.lineTo(...place);
  }
  context.stroke();
}

export function curveChart(state) {
  const {study} = state;
  const axes = curveAxes(study.curves.values(), study.sign);
  let nearest = new Nearest([]);
  const frame = new Frame({label: `Learning curves of ${study.curves.size} trials`, height: 340, margin: {top: 26}, draw});

  function draw({width, height, context, colours}) {
    const x = (step) => width * axes.x.at(step);
    const y = (value) => height * (1 - Math.max(-0.02, Math.min(1.02, axes.y.at(value))));
    frame.yAxis(axes.y, {title: study.curveMetric});
    frame.xAxis(axes.x, {title: 'step'});
    const places = [];
    const last = (curve) => [x(curve.steps[curve.steps.length - 1]), y(curve.values[curve.values.length - 1])];
    for (const isPassing of [0, 1]) {
      for (const [trial, curve] of study.curves) {
        if (state.passes[trial] !== isPassing) continue;
        drawCurve(trial, curve, isPassing);
        if (isPassing) for (let k = 0; k < curve.steps.length; ++k) places.push([x(curve.steps[k]), y(curve.values[k]), trial]);
      }
    }
    nearest = new Nearest(places);
    return highlight;

    function highlight(layer) {
      for (const [trial, kind] of state.emphasised()) {
        const curve = study.curves.get(trial);
        if (!curve) continue;
        const points = Array.from(curve.steps, (step, k) => `${x(step).toFixed(1)},${y(curve.values[k]).toFixed(1)}`);
        layer.append(s('polyline', {class: `line ${kind}`, points: points.join(' ')}));
        ring(layer, ...last(curve), kind);
      }
    }

    function drawCurve(trial, curve, isPassing) {
      const name = study.state(trial);
      const colour = !isPassing ? colours.line : name === 'complete' ? colours.ramp(study.goodness[trial]) : colours[name];
      context.globalAlpha = isPassing ? 0.85 : 0.4;
      context.strokeStyle = colour;
      context.fillStyle = colour;
      context.lineWidth = 1.2;
      context.setLineDash(name === 'pruned' ? [4, 3] : []);
      trace(context, curve, x, y);
      context.setLineDash([]);
      context.lineWidth = 1.5;
      if (name !== 'complete') mark(context, name, ...last(curve), 3.5);
      context.globalAlpha = 1;
    }
  }

  pointing(frame, state, (px, py) => nearest.find(px, py));
  frame.follow(state);
  return frame.box;
}

/** The winner's own curve. */
export function oneCurve(study, trial) {
  const curve = study.curves.get(trial);
  const axes = curveAxes([curve], study.sign);
  const final = number(curve.values[curve.values.length - 1]);
  const frame = new Frame({
    label: `Learning curve of trial ${trial}, ending at ${final}`, height: 230, margin: {top: 26},
    draw({width, height, context, colours}) {
      frame.yAxis(axes.y, {title: study.curveMetric});
      frame.xAxis(axes.x, {title: 'step'});
      context.strokeStyle = colours.best;
      context.lineWidth = 2;
      trace(context, curve, (step) => width * axes.x.at(step), (value) => height * (1 - axes.y.at(value)));
    },
  });
  return frame.box;
}
