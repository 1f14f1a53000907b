// The page's plain modules, without a browser.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {runInThisContext} from 'node:vm';
import {packageFolder} from './browser.mjs';
import {duration, number, percent, shortened} from '../../engine/report/page/format.mjs';
import {parseFilter} from '../../engine/report/page/filter.mjs';
import {listedAxis, numberAxis, positionsOn, valueAxis} from '../../engine/report/page/scales.mjs';
import {frontOf, unpack} from '../../engine/report/page/data.mjs';
import {State} from '../../engine/report/page/state.mjs';

// A script of the page, where it is a global too.
runInThisContext(readFileSync(join(packageFolder('d3-7.9.0'), 'dist/d3.min.js'), 'utf8'));

test('numbers are short, and say what they are not', () => {
  assert.deepEqual([0.1782, 1234.5, 0, -2.5, 1.2342e-7, 3e9, NaN, -Infinity, null].map((v) => number(v)),
      ['0.1782', '1,235', '0', '−2.5', '1.234e−7', '3e9', '–', '−∞', '–']);
  assert.deepEqual([0.123, 45.4, 90, 5400, 90061].map(duration), ['0.12s', '45s', '1m 30s', '1h 30m', '1d 1h']);
  assert.deepEqual([0, 0.001, 0.256].map(percent), ['0 %', '<1 %', '26 %']);
  assert.deepEqual([shortened('learning_rate_of_block_12', 13), shortened('lr', 13)], ['learni…ock_12', 'lr']);
});

test('a scale and its inverse agree, and its ticks lie on it', () => {
  for (const axis of [numberAxis(1e-5, 0.1, 'log'), numberAxis(0.5, 0.9999, 'reverse_log'), numberAxis(-3, 8), numberAxis(4, 4)]) {
    for (const t of [0, 0.25, 0.7, 1]) if (axis.low !== axis.high) assert.ok(Math.abs(axis.at(axis.from(t)) - t) < 1e-9);
    for (const {value} of axis.ticks(5)) assert.ok(axis.at(value) > -1e-6 && axis.at(value) < 1 + 1e-6, `${value}`);
    assert.ok(axis.ticks(5).length <= 7);
  }
  assert.equal(numberAxis(1e-5, 0.1, 'log').at(1e-3), 0.5);
  assert.ok(numberAxis(0.9, 0.999, 'reverse_log').at(0.99) > 0.45);
  assert.deepEqual(numberAxis(1, 6, 'linear', true).ticks(20).map(({value}) => value), [1, 2, 3, 4, 5, 6]);
  const listed = listedAxis(['adam', 'sgd']);
  assert.deepEqual([listed.at('adam'), listed.at('sgd'), listed.from(0.9)], [0.25, 0.75, 'sgd']);
});

test('a few wild values do not flatten the others', () => {
  const values = [...d3.range(100).map((k) => k / 100), 1e9];
  assert.ok(valueAxis(values, 1).high < 3);
  assert.ok(valueAxis(values.map((v) => -v), -1).low > -3);
  assert.ok(valueAxis([2, 2, 2], 1).high > 2);
  assert.ok(valueAxis([NaN, Infinity], 1).high > 0);
});

test('a packed column is what it was', () => {
  assert.deepEqual([...unpack('f4:AACAPwAAAEA=')], [1, 2]);
  assert.deepEqual([...unpack('u2:AQD//w==')], [1, 65535]);
});

/** Trials 0 to 9 with lr 0.1·i, of which the last two failed. */
function tenTrials() {
  const lr = Float32Array.from({length: 10}, (_, i) => 0.1 * i);
  const study = {
    count: 10, value: lr, reasons: {8: 'out of memory'}, ranking: [0, 1, 2, 3, 4, 5, 6, 7], columns: {duration_s: lr}, metrics: [],
    state: (i) => (i < 8 ? 'complete' : 'failed'), failure: (i) => (i < 8 ? null : 'oom'), resource: () => null, sampler: () => 'random',
    parameters: [{name: 'lr', of: (i) => lr[i]}, {name: 'kind', of: (i) => (i % 2 ? 'odd one' : null)}],
  };
  return study;
}

const matching = (text) => {
  const {test: passes, problems} = parseFilter(text, tenTrials());
  assert.deepEqual(problems, []);
  return d3.range(10).filter(passes);
};

test('a filter compares, and all its terms hold', () => {
  assert.deepEqual(matching('lr<0.3'), [0, 1, 2]);
  assert.deepEqual(matching('lr<=0.3'), [0, 1, 2, 3]);
  assert.deepEqual(matching('lr>=0.8 state=failed'), [8, 9]);
  assert.deepEqual(matching('lr=0.7'), [7]);
  assert.deepEqual(matching('state!=complete number>8'), [9]);
  assert.deepEqual(matching('kind="odd one" lr<0.4'), [1, 3]);
  assert.deepEqual(matching('memory'), [8]);
  assert.deepEqual(matching(''), d3.range(10));
  assert.match(parseFilter('toString=1', tenTrials()).problems[0], /there is no toString/);
});

test('the front holds the trials that none beats in both objectives', () => {
  const column = (...values) => ({column: Float64Array.from(values), sign: 1});
  const study = {count: 6, isComplete: (i) => i !== 5};
  const [loss, cost] = [column(1, 2, 3, 2, 1, 0), column(5, 3, 1, 4, 5, 0)];
  assert.deepEqual(frontOf(study, [loss, cost]), [0, 1, 2]);
  assert.deepEqual(frontOf(study, [loss, {...cost, sign: -1}]), [0]);
});

test('brushes and the filter narrow together, and what is drawn is bounded', () => {
  const state = new State(tenTrials());
  const told = [];
  state.listen((what) => told.push(what));
  const positions = positionsOn(numberAxis(0, 1), (i) => 0.1 * i, 10);
  state.brush({title: 'lr', positions}, [0.25, 0.65]);
  assert.equal(state.passing, 4);
  state.setFilter((i) => i !== 3);
  assert.equal(state.passing, 3);
  assert.deepEqual(state.shown(), [4, 5, 6]);
  state.clear();
  assert.equal(state.passing, 10);
  assert.deepEqual(told, ['mask', 'mask', 'mask', 'pick']);
  assert.ok(state.shown(4).length <= 4 && state.shown(4).includes(0));
  state.pick(3);
  state.pick(5);
  state.pick(3);
  assert.deepEqual(state.picked, [5]);
  state.brush({title: 'lr', positions}, [0.25, 0.65]);
  const next = new State(tenTrials(), state);
  assert.deepEqual([next.picked, next.brushes.get('lr').range], [[5], [0.25, 0.65]]);
});
