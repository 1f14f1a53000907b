// What the reader does, which every chart shows: which trial he points at, which he picked, and which pass
// his brushes and his filter.

export class State {
  /** `before`: of the page that this one replaces, whose reader goes on where he was. */
  constructor(study, before = null) {
    this.study = study;
    this.hovered = -1;
    this.picked = before?.picked.filter((i) => i < study.count) ?? [];  // at most a few, in the order of picking
    this.brushes = new Map(before?.brushes);  // title of a column -> {positions, range}
    this.filterText = before?.filterText ?? '';
    this.filter = () => true;
    this.passes = new Uint8Array(study.count).fill(1);
    this.passing = study.count;
    this.listeners = [];
  }

  /** `listener(what)` is called after a change of `hover`, `pick` or `mask`. */
  listen(listener) {
    this.listeners.push(listener);
  }

  tell(what) {
    for (const listener of this.listeners) listener(what);
  }

  hover(trial) {
    if (trial === this.hovered) return;
    this.hovered = trial;
    this.tell('hover');
  }

  /** The trials to be shown wherever they are, as [number, kind]: the winner, picked ones, and the one pointed at. */
  emphasised() {
    const {winner} = this.study;
    return [...(winner ? [[winner.trial, 'winner']] : []), ...this.picked.map((i) => [i, 'picked']), ...(this.hovered >= 0 ? [[this.hovered, 'hovered']] : [])];
  }

  /** Picks a trial, or puts it back. */
  pick(trial, most = 8) {
    if (trial < 0) return;
    const without = this.picked.filter((other) => other !== trial);
    this.picked = without.length < this.picked.length ? without : [...without, trial].slice(-most);
    this.tell('pick');
  }

  /** Only trials whose position in the column lies in the range pass; without a range all do. */
  brush(column, range) {
    if (range) this.brushes.set(column.title, {positions: column.positions, range});
    else this.brushes.delete(column.title);
    this.recount();
  }

  setFilter(filter, text = '') {
    this.filter = filter;
    this.filterText = text;
    this.recount();
  }

  clear() {
    this.brushes.clear();
    this.filter = () => true;
    this.filterText = '';
    this.picked = [];
    this.recount();
    this.tell('pick');
  }

  recount() {
    const {passes, study} = this;
    for (let i = 0; i < study.count; ++i) passes[i] = this.filter(i) ? 1 : 0;
    for (const {positions, range: [low, high]} of this.brushes.values()) {
      for (let i = 0; i < study.count; ++i) if (!(positions[i] >= low && positions[i] <= high)) passes[i] = 0;
    }
    this.passing = passes.reduce((sum, pass) => sum + pass, 0);
    this.tell('mask');
  }

  isNarrowed() {
    return this.passing < this.study.count || this.brushes.size > 0;
  }

  /** At most `most` of the passing trials, ascending: the best half of them and an even sample of the rest. */
  shown(most = 2000) {
    const best = [];
    for (const i of this.study.ranking) {
      if (this.passes[i] && best.push(i) >= most / 2) break;
    }
    const chosen = new Set(best);
    const rest = [];
    for (let i = 0; i < this.study.count; ++i) if (this.passes[i] && !chosen.has(i)) rest.push(i);
    const every = Math.max(1, Math.ceil(rest.length / (most - best.length)));
    for (let k = 0; k < rest.length; k += every) chosen.add(rest[k]);
    return [...chosen].sort((a, b) => a - b);
  }
}
