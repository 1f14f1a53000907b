// Axes: from a value to a place in [0, 1] and back, with the ticks that fit.
import {number} from './format.mjs';

const reversed = (v) => -Math.log1p(-Math.min(v, 1 - 1e-12));
const warps = {
  linear: [(v) => v, (w) => w],
  log: [Math.log, Math.exp],
  reverse_log: [reversed, (w) => -Math.expm1(-w)],
};

/** Ticks of a linear or warped range of numbers, at most about `most`. */
function numberTicks(scale, low, high, most) {
  if (scale === 'linear') return d3.ticks(low, high, most);
  if (scale === 'log') return logTicks(low, high, most);
  // Near 1 the distance from 1 is what changes by decades: 0.9, 0.99, 0.999.
  return logTicks(Math.max(1 - high, 1e-12), 1 - low, most).map((rest) => 1 - rest).reverse();
}

/** Powers of ten; with few decades also 2 and 5 times them, where they have room. */
function logTicks(low, high, most) {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  const inside = (v) => v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  for (const steps of every > 1 ? [[1]] : [[1, 2, 5], [1, 3], [1]]) {
    const ticks = [];
    for (let e = first; e <= last; e += every) for (const m of steps) ticks.push(Number(`${m}e${e}`));
    const within = ticks.filter(inside);
    if (within.length <= most || steps.length === 1) return within.length > 1 ? within : [low, high];
  }
  return [low, high];
}

/** Ticks with as many digits as tell them apart. */
function labelled(values) {
  for (let digits = 3; ; ++digits) {
    const texts = values.map((value) => number(value, digits));
    if (digits === 8 || new Set(texts).size === texts.length) return values.map((value, k) => ({value, text: texts[k]}));
  }
}

/** An axis of numbers; of whole ones ticks are whole. */
export function numberAxis(low, high, scale = 'linear', isWhole = false) {
  const usable = scale !== 'log' || low > 0 ? scale : 'linear';
  const [warp, unwarp] = warps[usable];
  const [a, b] = low === high ? [warp(low) - 0.5, warp(high) + 0.5] : [warp(low), warp(high)];
  return {
    low, high, scale: usable, isListed: false,
    at: (value) => (warp(value) - a) / (b - a),
    from: (t) => unwarp(a + t * (b - a)),
    ticks: (most) => labelled((low === high ? [low] : numberTicks(usable, low, high, most)).filter((value) => !isWhole || Number.isInteger(value))),
    text: (value) => number(value),
  };
}

/** An axis of values that are listed, in their order. */
export function listedAxis(values) {
  const n = values.length;
  const at = (index) => (index + 0.5) / n;
  return {
    isListed: true, values,
    at: (value) => at(values.indexOf(value)),
    from: (t) => values[Math.max(0, Math.min(n - 1, Math.floor(t * n)))],
    ticks: (most) => {
      const every = Math.ceil(n / Math.max(1, most));
      return values.filter((_, k) => k % every === 0).map((value) => ({value, text: String(value)}));
    },
    text: (value) => String(value),
  };
}

/** The axis of a parameter, on its own scale. */
export function parameterAxis(parameter) {
  if (parameter.isListed) return listedAxis(parameter.values);
  return numberAxis(parameter.min, parameter.max, parameter.scale ?? 'linear', parameter.type === 'int');
}

/**
 * The axis of the objective, or of any column: from the best value to the worst, or, where a few wild ones would
 * flatten the rest, a little beyond where nine of ten are; the wild ones are drawn at the edge.
 */
export function valueAxis(values, sign) {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length === 0) return numberAxis(0, 1);
  if (sign < 0) sorted.reverse();
  const best = sorted[0];
  const worst = sorted[sorted.length - 1];
  const far = sorted[Math.ceil(0.9 * (sorted.length - 1))];
  const isWild = Math.abs(worst - best) > 2.5 * Math.abs(far - best) && far !== best;
  const end = isWild ? best + 1.5 * (far - best) : worst;
  const pad = 0.04 * Math.abs(end - best) || Math.abs(best) * 0.01 || 1;
  return numberAxis(Math.min(best, end) - pad, Math.max(best, end) + pad);
}

/** The axis of an objective by its complete trials: what stopped ones had reached is no final value, and lies at the edge. */
export function objectiveAxis(studies, objective = 0) {
  const {sign} = studies[0].objectives[objective];
  const values = studies.flatMap((study) => study.ranking.map((i) => study.objectives[objective].column[i]));
  return valueAxis(values.length ? values : studies.flatMap((study) => [...study.objectives[objective].column]), sign);
}

/** The positions of a column on an axis, for many trials; where a value is absent, `absent`. */
export function positionsOn(axis, of, n, absent = NaN) {
  const positions = new Float32Array(n);
  for (let i = 0; i < n; ++i) {
    const value = of(i);
    positions[i] = value === null ? absent : axis.at(value);
  }
  return positions;
}
