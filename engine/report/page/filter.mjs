// The table's filter: `optimizer=sgd lr<1e-3 state=failed value>0.9`, all of which must hold; a bare word is looked
// for in a trial's number, state, failure and reason.

const term = /^(.+?)(<=|>=|!=|=|<|>)(.*)$/;

/** {test(trial), problems: [text]} of a filter's text. */
export function parseFilter(text, study) {
  const tests = [];
  const problems = [];
  for (const word of words(text)) {
    const parts = term.exec(word);
    if (!parts) {
      tests.push(holdingWord(word.toLowerCase(), study));
      continue;
    }
    const [, name, operator, value] = parts;
    const of = fieldOf(name, study);
    if (!of) problems.push(`there is no ${name}; there are ${fieldNames(study).join(', ')}`);
    else tests.push(comparing(of, operator, value));
  }
  return {test: (i) => tests.every((test) => test(i)), problems};
}

/** Words between blanks; quotes hold blanks together. */
function words(text) {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', ''));
}

export function fieldNames(study) {
  return ['number', 'state', 'value', 'duration', 'failure', 'resource', 'sampler',
    ...study.parameters.map((p) => p.name), ...study.metrics.map((m) => m.name)];
}

/** The value of a field for a trial; a parameter's name before that of a metric, and before both the trial's own. */
function fieldOf(name, study) {
  const own = {
    number: (i) => i, state: study.state, value: (i) => study.value[i], duration: (i) => study.columns.duration_s[i],
    failure: study.failure, resource: study.resource, sampler: study.sampler,
  };
  if (Object.hasOwn(own, name)) return own[name];
  const parameter = study.parameters.find((p) => p.name === name);
  if (parameter) return parameter.of;
  const metric = study.metrics.find((m) => m.name === name);
  return metric && ((i) => metric.column[i]);
}

function comparing(of, operator, text) {
  const wanted = text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  const order = (value) => (typeof value === 'number' ? value : Number.NaN);
  // Columns hold floats of four bytes: 0.1 is what 0.1 became there.
  const same = (value) => value === wanted || String(value) === text || (typeof value === 'number' && typeof wanted === 'number' && Math.fround(value) === Math.fround(wanted));
  switch (operator) {
    case '=': return (i) => of(i) !== null && same(of(i));
    case '!=': return (i) => of(i) !== null && !same(of(i));
    case '<': return (i) => of(i) !== null && order(of(i)) < wanted && !same(of(i));
    case '>': return (i) => of(i) !== null && order(of(i)) > wanted && !same(of(i));
    case '<=': return (i) => of(i) !== null && (order(of(i)) < wanted || same(of(i)));
    default: return (i) => of(i) !== null && (order(of(i)) > wanted || same(of(i)));
  }
}

function holdingWord(word, study) {
  return (i) => String(i) === word || [study.state(i), study.failure(i), study.reasons[i]].some((text) => text?.toLowerCase().includes(word));
}
