// The page's data (engine/report/page_data.h) as columns that charts read.

const kinds = {u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, f4: Float32Array, f8: Float64Array};

/** A packed column: `f4:` and bytes in base64. */
export function unpack(text) {
  const binary = atob(text.slice(3));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) bytes[i] = binary.charCodeAt(i);
  return new kinds[text.slice(0, 2)](bytes.buffer);
}

/** The word behind each number of a column; null where there is none. */
function worded(column, words) {
  return (i) => words[column[i]] ?? null;
}

/** A parameter with its column; `of(i)` is the value of trial i, null where it is inactive. */
function parameterOf(described, packed) {
  const column = unpack(packed);
  const {values} = described;
  const of = values ? (i) => values[column[i]] ?? null : (i) => (Number.isNaN(column[i]) ? null : column[i]);
  return {...described, column, of, isListed: Boolean(values), isConditional: described.when.length > 0};
}

function curvesOf(packed) {
  const curves = new Map();
  if (!packed) return curves;
  const steps = unpack(packed.steps);
  const values = unpack(packed.values);
  let begin = 0;
  packed.trials.forEach((trial, k) => {
    const end = begin + packed.lengths[k];
    curves.set(trial, {steps: steps.subarray(begin, end), values: values.subarray(begin, end)});
    begin = end;
  });
  return curves;
}

/** Best so far after each trial, in the order in which they ended; NaN before the first. */
function bestSoFar(study) {
  const best = new Float64Array(study.count).fill(NaN);
  let so = NaN;
  for (let i = 0; i < study.count; ++i) {
    if (study.isComplete(i) && !(study.value[i] * study.sign >= so * study.sign)) so = study.value[i];
    best[i] = so;
  }
  return best;
}

/** Numbers of the complete trials, best first. */
function ranking(study) {
  const order = [];
  for (let i = 0; i < study.count; ++i) if (study.isComplete(i)) order.push(i);
  return order.sort((a, b) => study.sign * (study.value[a] - study.value[b]) || a - b);
}

/** How good each trial is among the complete ones, by its rank: 1 the best, 0 the worst, -1 without a value. */
function goodnessOf(study) {
  const goodness = new Float32Array(study.count).fill(-1);
  const last = Math.max(1, study.ranking.length - 1);
  study.ranking.forEach((trial, k) => (goodness[trial] = 1 - k / last));
  return goodness;
}

/** The complete trials that no other is at least as good as in both objectives and better in one, by the first one. */
export function frontOf(study, [a, b]) {
  const {isComplete} = study;
  const order = [];
  for (let i = 0; i < study.count; ++i) if (isComplete(i) && Number.isFinite(b.column[i])) order.push(i);
  order.sort((i, j) => a.sign * (a.column[i] - a.column[j]) || b.sign * (b.column[i] - b.column[j]));
  let best = Infinity;
  return order.filter((i) => b.sign * b.column[i] < best && ((best = b.sign * b.column[i]), true));
}

/** One study of the page. */
export function studyOf(packed) {
  const {trials} = packed;
  const columns = Object.fromEntries(['state', 'failure', 'resource', 'sampler', 'mode', 'attempt', 'started_s',
    'duration_s'].map((name) => [name, unpack(trials.columns[name])]));
  const objectives = packed.objectives.map((objective, k) =>
      ({...objective, column: unpack(trials.columns.objectives[k]), sign: objective.goal === 'minimize' ? 1 : -1}));
  const study = {
    ...packed, objectives, columns, count: trials.count, value: objectives[0].column, sign: objectives[0].sign,
    parameters: trials.parameters.map((parameter, k) => parameterOf(parameter, trials.columns.parameters[k])),
    metrics: trials.metrics.map((name, k) => ({name, column: unpack(trials.columns.metrics[k])})),
    resources: trials.resources, reasons: trials.reasons, originMs: trials.origin_ms, curves: curvesOf(packed.curves),
    curveMetric: packed.curves?.metric,
    state: worded(columns.state, trials.states), failure: worded(columns.failure, trials.failures),
    resource: worded(columns.resource, trials.resources), sampler: worded(columns.sampler, trials.samplers),
    mode: worded(columns.mode, trials.modes), standing: packed.state,
  };
  const complete = trials.states.indexOf('complete');
  study.isComplete = (i) => columns.state[i] === complete && Number.isFinite(study.value[i]);
  study.ranking = ranking(study);
  study.goodness = goodnessOf(study);
  study.best = bestSoFar(study);
  return study;
}

/** What is written in the page; nothing where it is to be fetched. */
export function writtenData() {
  const text = document.getElementById('data').textContent;
  return text ? JSON.parse(text) : null;
}
