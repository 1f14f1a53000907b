// What the model expects of two parameters together, the others as in one trial. A grid of small pictures is the choice.
import {h, s, whileShown} from './dom.mjs';
import {shortened} from './format.mjs';
import {numberAxis, parameterAxis} from './scales.mjs';
import {unpack} from './data.mjs';
import {numbersOf} from './slices.mjs';
import {Frame, Nearest, mark, palette, pointing, ring} from './chart.mjs';

/** A contour with its grid as places on the two axes: `at(u, v)` is the mean there, between grid points in proportion. */
function prepared(study, packed) {
  const [first, second] = [study.parameters[packed.first], study.parameters[packed.second]];
  const [x, y] = [parameterAxis(first), parameterAxis(second)];
  const [us, vs] = [numbersOf(packed.a).map(x.at), numbersOf(packed.b).map(y.at)];
  const mean = unpack(packed.mean);
  const [p, q] = [locator(us, first.isListed), locator(vs, second.isListed)];
  const at = (u, v) => {
    const [i, a] = p(u);
    const [j, b] = q(v);
    const m = (k, l) => mean[k * vs.length + l];
    if (a === 0 && b === 0) return m(i, j);
    const [k, l] = [Math.min(i + 1, us.length - 1), Math.min(j + 1, vs.length - 1)];
    return (1 - a) * ((1 - b) * m(i, j) + b * m(i, l)) + a * ((1 - b) * m(k, j) + b * m(k, l));
  };
  const [low, high] = d3.extent(mean);
  return {...packed, parameters: [first, second], x, y, us, vs, mean, at, low, high, isSmooth: !first.isListed && !second.isListed};
}

/** The grid index at or before a place and how far it is to the next; of listed values the nearest. */
function locator(places, isListed) {
  return (t) => {
    if (isListed) return [Math.max(0, Math.min(places.length - 1, Math.floor(t * places.length))), 0];
    const i = Math.max(0, Math.min(places.length - 2, d3.bisectRight(places, t) - 1));
    if (places.length < 2) return [0, 0];
    return [i, Math.max(0, Math.min(1, (t - places[i]) / (places[i + 1] - places[i])))];
  };
}

/** Fills a canvas' area with colours of the mean, in squares of `cell` pixels. */
function paint(context, grid, width, height, cell, colour) {
  for (let px = 0; px < width; px += cell) {
    for (let py = 0; py < height; py += cell) {
      const value = grid.at((px + cell / 2) / width, 1 - (py + cell / 2) / height);
      context.fillStyle = colour(value);
      context.fillRect(px, py, Math.min(cell, width - px), Math.min(cell, height - py));
    }
  }
}

export function contourChart(state) {
  const {study} = state;
  const grids = study.model.contours.map((packed) => prepared(study, packed));
  const importance = new Map(study.model.importance.map((row) => [row.name, row.total[0]]));
  const weight = (grid) => grid.parameters.reduce((product, p) => product * ((importance.get(p.name) ?? 0) + 0.001), 1);
  let chosen = grids.reduce((a, b) => (weight(b) > weight(a) ? b : a));
  let nearest = new Nearest([]);
  const caption = h('p', {class: 'hint', role: 'status'});
  const frame = new Frame({label: 'Expected objective over two parameters', height: 420, margin: {left: 76, right: 74, top: 26}, draw});
  const picker = matrix(study, grids, () => chosen, (grid) => {
    chosen = grid;
    frame.redraw();
  });

  let kept = {};

  /** The area, painted anew only where the grid, its size or the colours are others. */
  function picture(width, height, colour) {
    const key = [chosen.first, chosen.second, width, height, colour(chosen.low)].join();
    if (kept.key === key) return kept.canvas;
    const canvas = h('canvas', {width, height});
    paint(canvas.getContext('2d'), chosen, width, height, 2, colour);
    kept = {key, canvas};
    return canvas;
  }

  function draw({width, height, context, svg, colours}) {
    const [first, second] = chosen.parameters;
    const share = scaleOf(chosen, study.sign);
    const ramp = d3.range(201).map((k) => colours.ramp(k / 200));
    const colour = (value) => ramp[Math.round(200 * share(value))];
    context.drawImage(picture(width, height, colour), 0, 0, width, height);
    if (chosen.isSmooth) isolines();
    frame.xAxis(chosen.x, {title: first.name});
    frame.yAxis(chosen.y, {title: second.name, grid: false});
    legend();
    const places = [];
    for (const i of state.shown(600)) {
      const at = place(i);
      if (!at) continue;
      context.fillStyle = colours.paper;
      context.strokeStyle = colours.ink;
      context.lineWidth = 1;
      context.beginPath();
      if (study.state(i) === 'complete') {
        context.arc(...at, 2.6, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
      } else {
        mark(context, study.state(i), ...at, 2.8);
      }
      places.push([...at, i]);
    }
    nearest = new Nearest(places);
    const others = chosen.trial === null ? 'the best result' : `trial ${chosen.trial}`;
    caption.textContent = `${study.objectives[0].metric} expected over ${first.name} and ${second.name}, all else as in ${others}.`;
    frame.canvas.setAttribute('aria-label', caption.textContent);
    return (layer) => {
      for (const [i, kind] of state.emphasised()) {
        const at = place(i);
        if (at) ring(layer, ...at, kind);
      }
    };

    function place(i) {
      const [a, b] = [first.of(i), second.of(i)];
      return a === null || b === null ? null : [width * chosen.x.at(a), height * (1 - chosen.y.at(b))];
    }

    function isolines() {
      const lines = d3.contours().size([chosen.vs.length, chosen.us.length]).thresholds(d3.ticks(chosen.low, chosen.high, 9))(chosen.mean);
      const along = (places, k) => {
        const i = Math.max(0, Math.min(places.length - 1, k - 0.5));
        const low = Math.floor(i);
        return places[low] + (i - low) * ((places[low + 1] ?? places[low]) - places[low]);
      };
      // The grid's rows are the first parameter, which lies along x here.
      for (const line of lines) {
        for (const ring of line.coordinates.flat()) {
          // A line that leaves the grid is closed along its border, which is no part of it.
          let path = '';
          let isInside = false;
          for (const [v, u] of ring) {
            const isBorder = v <= 0 || u <= 0 || v >= chosen.vs.length || u >= chosen.us.length;
            path += `${isInside && !isBorder ? 'L' : 'M'}${(width * along(chosen.us, u)).toFixed(1)},${(height * (1 - along(chosen.vs, v))).toFixed(1)}`;
            isInside = !isBorder;
          }
          svg.append(s('path', {class: 'isoline', d: path}));
        }
      }
    }

    function legend() {
      const axis = numberAxis(chosen.low, chosen.high);
      const [x, w] = [width + 14, 12];
      for (let py = 0; py < height; py += 2) {
        context.fillStyle = colour(axis.from(1 - py / height));
        context.fillRect(x, py, w, 2);
      }
      for (const {value, text} of axis.ticks(6)) svg.append(s('text', {class: 'tick', x: x + w + 5, y: height * (1 - axis.at(value)) + 4}, text));
    }
  }

  pointing(frame, state, (px, py) => nearest.find(px, py));
  frame.follow(state);
  return h('div', {class: 'contours'}, picker, h('div', {}, frame.box, caption));
}

/** From a mean to its goodness within the grid. */
function scaleOf(grid, sign) {
  return (value) => {
    const t = grid.high > grid.low ? (value - grid.low) / (grid.high - grid.low) : 0.5;
    return Math.max(0, Math.min(1, sign > 0 ? 1 - t : t));
  };
}

/** One button for each pair, in a triangle, with the pair's picture on it. */
function matrix(study, grids, chosen, choose) {
  const indices = [...new Set(grids.flatMap((grid) => [grid.first, grid.second]))].sort((a, b) => a - b);
  const size = Math.max(22, Math.min(46, Math.floor(300 / indices.length)));
  const cells = grids.map((grid) => {
    const canvas = h('canvas', {width: 24, height: 24, 'aria-hidden': 'true'});
    const button = h('button', {
      type: 'button', class: 'pair', 'aria-pressed': String(grid === chosen()), title: grid.parameters.map((p) => p.name).join(' and '),
      'aria-label': `Contour of ${grid.parameters.map((p) => p.name).join(' and ')}`,
      onclick: () => {
        choose(grid);
        for (const cell of cells) cell.setAttribute('aria-pressed', String(cell === button));
      },
    }, canvas);
    button.style.gridColumn = String(indices.indexOf(grid.first) + 1);
    button.style.gridRow = String(indices.indexOf(grid.second));
    const share = scaleOf(grid, study.sign);
    const repaint = () => {
      const {ramp} = palette();
      paint(canvas.getContext('2d'), grid, 24, 24, 3, (value) => ramp(share(value)));
    };
    repaint();
    whileShown(canvas, document, 'theme', repaint);
    return button;
  });
  const names = indices.slice(0, -1).map((index, k) => {
    const name = h('span', {class: 'pair-name', title: study.parameters[index].name}, shortened(study.parameters[index].name, 16));
    name.style.gridColumn = String(k + 1);
    name.style.gridRow = String(indices.length);
    return name;
  });
  const sides = indices.slice(1).map((index, k) => {
    const name = h('span', {class: 'pair-side', title: study.parameters[index].name}, shortened(study.parameters[index].name, 14));
    name.style.gridColumn = String(k + 2);
    name.style.gridRow = String(k + 1);
    return name;
  });
  const element = h('div', {class: 'pairs', role: 'group', 'aria-label': 'Pair of parameters'}, cells, names, sides);
  element.style.gridTemplateColumns = `repeat(${indices.length - 1}, ${size}px) auto`;
  element.style.gridTemplateRows = `repeat(${indices.length - 1}, ${size}px) auto`;
  return element;
}

