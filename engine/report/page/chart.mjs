// What all charts share: a canvas for marks under an SVG for axes, sized by the page, redrawn when told to.
import {h, s, once, whileShown} from './dom.mjs';
import {shortened} from './format.mjs';

let colours = null;
document.addEventListener('theme', () => (colours = null));

/** The colours of the page as the style sheet has them now. */
export function palette() {
  return (colours ??= readColours());
}

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: colour('ink'), quiet: colour('quiet'), line: colour('line'), paper: colour('paper'), best: colour('best'),
    complete: colour('complete'), pruned: colour('pruned'), failed: colour('failed'), running: colour('running'),
    paused: colour('quiet'), waiting: colour('quiet'), accent: colour('accent'),
    ramp: d3.interpolateLab(colour('ramp-worst'), colour('ramp-best')),
  };
}

/** Dots of a canvas for each of the page's on paper. */
const printRatio = 3;

/**
 * A chart's box. `draw(frame)` is called with a cleared canvas and SVG; it finds `width` and `height` of the inner
 * area, whose corner is the origin, `context` and `svg` (a <g>), and `colours`. What it returns, if anything, draws
 * the emphasised trials onto a <g> of their own, which is done again without the rest whenever others are.
 */
export class Frame {
  constructor({label, height, margin, draw}) {
    this.margin = {top: 10, right: 14, bottom: 34, left: 54, ...margin};
    this.outerHeight = height;
    this.draw = draw;
    this.canvas = h('canvas', {role: 'img', 'aria-label': label});
    this.outer = s('svg', {});
    this.svg = s('g', {transform: `translate(${this.margin.left},${this.margin.top})`});
    this.over = s('g', {class: 'over', transform: this.svg.getAttribute('transform')});
    this.outer.append(this.svg, this.over);
    this.box = h('div', {class: 'plot'}, this.canvas, this.outer);
    this.inSight = false;
    this.isStale = true;
    this.redraw = once(() => (this.inSight ? this.now() : (this.isStale = true)));
    new ResizeObserver(this.redraw).observe(this.box);
    this.box.style.height = `${height}px`;
    // A chart out of sight is drawn when it comes into sight, or goes to the printer.
    new IntersectionObserver(([entry]) => {
      this.inSight = entry.isIntersecting;
      if (this.inSight && this.isStale) this.now();
      else if (this.inSight) this.emphasise();
    }, {rootMargin: '60px'}).observe(this.box);
    whileShown(this.box, window, 'beforeprint', () => this.now());
    whileShown(this.box, document, 'theme', this.redraw);
  }

  now() {
    const outerWidth = this.box.clientWidth;
    if (outerWidth === 0) return;
    this.isStale = false;
    const {margin, outerHeight} = this;
    this.width = Math.max(20, outerWidth - margin.left - margin.right);
    this.height = outerHeight - margin.top - margin.bottom;
    const ratio = 'printing' in document.documentElement.dataset ? printRatio : window.devicePixelRatio;
    const [wide, tall] = [Math.round(outerWidth * ratio), Math.round(outerHeight * ratio)];
    if (this.canvas.width !== wide || this.canvas.height !== tall) {
      this.canvas.width = wide;
      this.canvas.height = tall;
      this.outer.setAttribute('viewBox', `0 0 ${outerWidth} ${outerHeight}`);
    }
    this.context = this.canvas.getContext('2d');
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, outerWidth, outerHeight);
    this.context.translate(margin.left, margin.top);
    this.svg.replaceChildren();
    this.colours = palette();
    this.highlight = this.draw(this);
    this.emphasise();
  }

  emphasise() {
    this.over.replaceChildren();
    if (!this.isStale) this.highlight?.(this.over);
  }

  /** Draws again as the reader narrows, points and picks. */
  follow(state) {
    const again = once(() => this.inSight && this.emphasise());
    state.listen((what) => (what === 'mask' ? this.redraw() : again()));
  }

  /** A pointer event's place in the inner area. */
  place(event) {
    const box = this.outer.getBoundingClientRect();
    return [event.clientX - box.left - this.margin.left, event.clientY - box.top - this.margin.top];
  }

  xAxis(axis, {title, grid = false, y = this.height} = {}) {
    for (const {value, text} of this.fittingTicks(axis)) {
      const x = this.width * axis.at(value);
      this.svg.append(
          s('line', {class: grid ? 'grid' : 'tick', x1: x, x2: x, y1: grid ? 0 : y, y2: y + 4}),
          s('text', {class: 'tick', x, y: y + 16, 'text-anchor': 'middle'}, text));
    }
    this.svg.append(s('line', {class: 'axis', x1: 0, x2: this.width, y1: y, y2: y}));
    if (title) this.svg.append(s('text', {class: 'title', x: this.width, y: y + 30, 'text-anchor': 'end'}, title));
  }

  /** As many ticks as have room for their texts. */
  fittingTicks(axis) {
    if (axis.isListed) {
      const room = Math.max(3, Math.floor(this.width / axis.values.length / 6.8) - 1);
      return axis.ticks(Math.max(1, Math.floor(this.width / 30))).map((tick) => ({...tick, text: shortened(tick.text, room)}));
    }
    const half = (tick) => 3.4 * tick.text.length + 6;
    for (let most = Math.floor(this.width / 48); most > 2; --most) {
      const ticks = axis.ticks(most).map((tick) => ({...tick, x: this.width * axis.at(tick.value)})).sort((a, b) => a.x - b.x);
      if (ticks.every((tick, k) => k === 0 || tick.x - half(tick) > ticks[k - 1].x + half(ticks[k - 1]))) return ticks;
    }
    return spread(axis.ticks(2), (tick) => this.width * axis.at(tick.value), (tick) => 2 * half(tick));
  }

  yAxis(axis, {title, grid = true} = {}) {
    const {height} = this;
    for (const {value, text} of axis.ticks(Math.max(2, Math.floor(height / 42)))) {
      const y = height * (1 - axis.at(value));
      this.svg.append(s('line', {class: grid ? 'grid' : 'tick', x1: grid ? 0 : -4, x2: grid ? this.width : 0, y1: y, y2: y}),
                      s('text', {class: 'tick', x: -8, y: y + 4, 'text-anchor': 'end'}, text));
    }
    if (title) this.svg.append(s('text', {class: 'title', x: 0, y: -12, 'text-anchor': 'start'}, title));
  }
}

/** The ticks whose texts do not run into the one before. */
function spread(ticks, place, width) {
  const kept = [];
  let end = -Infinity;
  for (const tick of [...ticks].sort((a, b) => place(a) - place(b))) {
    const begin = place(tick) - width(tick) / 2;
    if (begin < end) continue;
    kept.push(tick);
    end = begin + width(tick);
  }
  return kept;
}

/** A trial's mark: the shape says its state as the colour does. */
export function mark(context, state, x, y, r) {
  context.beginPath();
  if (state === 'failed') {
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x - r, y + r);
    context.lineTo(x + r, y - r);
    context.stroke();
  } else if (state === 'pruned') {
    context.moveTo(x, y - r * 1.3);
    context.lineTo(x + r * 1.3, y);
    context.lineTo(x, y + r * 1.3);
    context.lineTo(x - r * 1.3, y);
    context.closePath();
    context.stroke();
  } else if (state === 'complete') {
    context.arc(x, y, r, 0, 2 * Math.PI);
    context.fill();
  } else {
    context.moveTo(x, y - r * 1.2);
    context.lineTo(x + r * 1.1, y + r * 0.9);
    context.lineTo(x - r * 1.1, y + r * 0.9);
    context.closePath();
    context.stroke();
  }
}

/** A ring around the place of a trial that is pointed at or picked. */
export function ring(svg, x, y, kind) {
  svg.append(s('circle', {class: `ring ${kind}`, cx: x, cy: y, r: 6}));
}

/** The trial nearest to the pointer among marks at `places`: [x, y, trial]. */
export class Nearest {
  constructor(places) {
    this.places = places;
    this.tree = null;
  }

  find(x, y, within = 14) {
    this.tree ??= d3.quadtree(this.places, (p) => p[0], (p) => p[1]);
    return this.tree.find(x, y, within)?.[2] ?? -1;
  }
}

/** Pointing at a chart's marks hovers their trials and clicking picks them; `find(x, y)` says which. */
export function pointing(frame, state, find) {
  const at = (event) => find(...frame.place(event));
  frame.box.addEventListener('pointermove', (event) => {
    const trial = at(event);
    state.hover(trial);
    frame.box.classList.toggle('pointed', trial >= 0);
  });
  frame.box.addEventListener('pointerleave', () => state.hover(-1));
  frame.box.addEventListener('click', (event) => state.pick(at(event)));
}
