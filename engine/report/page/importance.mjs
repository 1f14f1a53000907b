// How much of the objective's variance each parameter takes part in, with the interval that holds 90 of 100 draws.
import {s} from './dom.mjs';
import {percent, shortened} from './format.mjs';
import {numberAxis} from './scales.mjs';
import {Frame} from './chart.mjs';

const rowOf = 30;

export function importanceChart(study) {
  const rows = study.model.importance;
  const longest = Math.max(...rows.map((row) => Math.min(26, row.name.length)));
  const axis = {...numberAxis(0, 1), ticks: () => [0, 0.25, 0.5, 0.75, 1].map((value) => ({value, text: percent(value)}))};
  const frame = new Frame({
    label: `Importance: ${rows.map((row) => `${row.name} ${percent(row.total[0])}, ${percent(row.total[1])} to ${percent(row.total[2])}`).join('; ')}`,
    height: rows.length * rowOf + 44, margin: {left: 16 + 7 * longest, top: 6, right: 52, bottom: 38},
    draw({width, svg}) {
      frame.xAxis(axis, {title: 'share of the variance', grid: true});
      rows.forEach((row, k) => {
        const y = k * rowOf + rowOf / 2;
        const x = (share) => width * axis.at(share);
        const [total, low, high] = row.total;
        svg.append(
            s('text', {class: 'name', x: -10, y: y + 4, 'text-anchor': 'end'}, shortened(row.name, 26)),
            s('rect', {class: 'share', x: 0, y: y - 7, width: Math.max(1, x(total)), height: 14, rx: 2}),
            s('rect', {class: 'share alone', x: 0, y: y - 7, width: x(Math.min(row.alone[0], total)), height: 14, rx: 2}),
            s('path', {class: 'whisker', d: `M${x(low)},${y}H${x(high)}M${x(low)},${y - 4}v8M${x(high)},${y - 4}v8`}),
            s('text', {class: 'amount', x: Math.max(x(high), x(total)) + 8, y: y + 4}, percent(total)));
      });
    },
  });
  return frame.box;
}
