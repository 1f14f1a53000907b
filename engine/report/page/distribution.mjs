// How the values of all complete trials are spread, and where the winner lies among them.
import {s} from './dom.mjs';
import {count, number} from './format.mjs';
import {numberAxis, objectiveAxis} from './scales.mjs';
import {Frame} from './chart.mjs';

export function distributionChart(study) {
  const x = objectiveAxis([study]);
  const bins = new Array(40).fill(0);
  for (const i of study.ranking) bins[Math.max(0, Math.min(39, Math.floor(40 * x.at(study.value[i]))))] += 1;
  const y = numberAxis(0, Math.max(1, ...bins), 'linear', true);
  const best = study.value[study.winner.trial];
  const frame = new Frame({
    label: `Values of ${count(study.ranking.length)} complete trials; the best is ${number(best)}`, height: 230, margin: {top: 26},
    draw({width, height, svg}) {
      frame.yAxis(y, {title: 'trials'});
      frame.xAxis(x, {title: study.objectives[0].metric});
      bins.forEach((n, k) => n && svg.append(s('rect', {class: 'share', x: (k * width) / 40 + 0.5, width: width / 40 - 1, y: height * (1 - y.at(n)), height: height * y.at(n)})));
      const at = width * x.at(best);
      svg.append(s('line', {class: 'line best', x1: at, x2: at, y1: 0, y2: height}),
                 s('text', {class: 'direct', x: at + (at > width / 2 ? -6 : 6), y: 10, 'text-anchor': at > width / 2 ? 'end' : 'start'}, 'the winner'));
    },
  });
  return frame.box;
}
