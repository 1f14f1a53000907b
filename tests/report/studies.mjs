// Studies to make pages of, each made by the program as a user would.
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const hpo = process.env.HPO_PROGRAM ?? 'hpo';

export const parameters = `
  lr: {type: float, min: 1.0e-5, max: 1.0e-1, scale: log}
  dropout: {type: float, min: 0, max: 0.7}
  layers: {type: int, min: 1, max: 6}
  optimizer: {type: categorical, values: [adam, sgd, rmsprop]}
  momentum: {type: float, min: 0.5, max: 0.99, scale: reverse_log, when: {optimizer: sgd}}
  image_size: {type: ordinal, values: [96, 128, 160]}
  augment: {type: bool}`;

/** A folder of its own for each test file; remove() takes it away. */
export class Folder {
  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'hpo-report-'));
  }

  file(name) {
    return join(this.path, name);
  }

  remove() {
    rmSync(this.path, {recursive: true, force: true});
  }

  hpo(...words) {
    return execFileSync(hpo, words, {cwd: this.path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']});
  }

  /** A study of trials that are told: `tell(number, parameters)` gives requests of ask-tell, or nothing. */
  told(name, count, tell, space = parameters, goal = 'minimize') {
    writeFileSync(this.file(`${name}.yaml`), `study: ${name}\nobjective: {metric: loss, goal: ${goal}}\nstrategy: {name: sobol, seed: 3}\nparameters:${space}\nstorage: hpo.db\n`);
    const ask = count > 0 ? `{"op":"ask","count":${count}}\n` : '';
    const asked = this.talk(name, ask).map((line) => JSON.parse(line));
    const told = asked.flatMap(({number, parameters: chosen}) => tell(number, chosen) ?? []).map((request) => `${JSON.stringify(request)}\n`);
    const bad = this.talk(name, told.join('')).filter((line) => line.includes('"error"'));
    if (bad.length) throw new Error(bad.join('\n'));
  }

  talk(name, text) {
    const done = spawnSync(hpo, ['ask-tell', `${name}.yaml`], {cwd: this.path, input: text, encoding: 'utf8'});
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout.split('\n').filter(Boolean);
  }

  /** The page of one or more studies: its path. */
  page(...names) {
    const file = this.file(`${names.join('-')}.html`);
    this.hpo('report', ...names, '--html', file);
    return file;
  }

  read(file) {
    return readFileSync(file, 'utf8');
  }
}

/** A loss with a valley, so that a model has something to say. */
export function lossOf({lr, dropout, layers, optimizer, momentum, image_size: size, augment}) {
  const kind = {adam: 0, sgd: 0.05 + 0.3 * ((momentum ?? 0.9) - 0.9) ** 2, rmsprop: 0.1}[optimizer];
  return 0.2 + 0.06 * (Math.log10(lr) + 3) ** 2 + 0.3 * (dropout - 0.4) ** 2 + 0.02 * Math.abs(layers - 3) + kind - size / 4000 - (augment ? 0.01 : 0);
}

/** Told trials of every state, with learning curves. */
export function everyState(number, chosen) {
  const loss = lossOf(chosen);
  const reports = [0, 1, 2, 3].map((step) => ({op: 'report', number, step, value: loss + Math.exp(-step)}));
  if (number % 11 === 5) return [...reports.slice(0, 2), {op: 'tell', number, state: 'failed', reason: 'RuntimeError: out of luck'}];
  if (number % 7 === 4) return [...reports.slice(0, 3), {op: 'tell', number, state: 'pruned'}];
  if (number % 17 === 16) return reports.slice(0, 2);
  return [...reports, {op: 'tell', number, value: loss}];
}
