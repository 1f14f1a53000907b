// The page: sections in the order in which a reader asks.
import {h, prose} from './dom.js';
import {count, counted, moment} from './format.js';
import {studyOf, writtenData} from './data.js';
import {State} from './state.js';
import {contourChart} from './contour.js';
import {curveChart} from './curves.js';
import {failureList} from './failures.js';
import {historyChart} from './history.js';
import {importanceChart} from './importance.js';
import {legend} from './legend.js';
import {parallelChart} from './parallel.js';
import {pickedPanel, tip} from './picked.js';
import {sliceCharts} from './slices.js';
import {studiesTable} from './studies.js';
import {themeButton} from './theme.js';
import {timelineChart} from './timeline.js';
import {trialTable} from './table.js';
import {copyable, winnerCard} from './winner.js';

const questions = [['won', 'What won'], ['why', 'Why'], ['mattered', 'What mattered'], ['failed', 'What failed'], ['next', 'What next']];

function summary(study) {
  return h('section', {id: 'summary', 'aria-label': 'Summary'},
      h('p', {class: 'lead'}, study.answers.searched.join(' ')),
      h('dl', {class: 'answers'}, questions.flatMap(([key, title]) =>
          [h('dt', {}, h('a', {href: `#${key}`}, title)), h('dd', {}, study.answers[key].flatMap((sentence) => [...prose(sentence), ' ']))])));
}

function section(id, title, ...content) {
  return h('section', {id, 'aria-labelledby': `${id}-title`}, h('h2', {id: `${id}-title`}, title), content);
}

function titled(title, note, ...content) {
  return h('div', {class: 'block'}, h('h3', {}, title, note ? h('span', {class: 'quiet'}, ` ${note}`) : null), content);
}

function why(state, others) {
  const {study} = state;
  const history = historyChart(state, others);
  return section('why', 'How it got there', legend(study),
      titled('History', 'with the best so far', history.tools, history.box),
      study.curves.size ? titled('Learning curves', `of ${counted(study.curves.size, 'trial')}`, curveChart(state)) : null);
}

function mattered(state) {
  const {study} = state;
  const {model} = study;
  return section('mattered', 'What mattered',
      model.why_not ? h('p', {class: 'empty'}, `There is no model of this study: ${model.why_not}.`) : titled('Importance', 'solid: alone; faint: with its interactions; the line holds 90 % of the posterior', importanceChart(study)),
      titled('Along each parameter', model.why_not ? '' : `line and band: what the model expects, and its 90 %, with the winner's other values`, sliceCharts(state)),
      model.contours?.length ? titled('Two parameters together', 'blue is better; pick a pair', contourChart(state)) : null,
      titled('All together', 'blue is better, by rank', parallelChart(state)));
}

function failed(state) {
  const timeline = timelineChart(state);
  return section('failed', 'What failed', failureList(state), titled('Timeline', timeline.words, timeline.element));
}

function next(study) {
  const sentences = study.answers.next.map((sentence) => h('li', {}, prose(sentence)));
  return section('next', 'What next', h('ul', {}, sentences),
      study.winner ? copyable(study.winner.commands.join('\n'), 'commands') : null);
}

/** What is narrowed, at hand wherever one reads. */
function bar(state) {
  const said = h('span', {role: 'status'});
  const clear = h('button', {type: 'button', onclick: () => state.clear(), hidden: true}, 'show all');
  state.listen((what) => {
    if (what !== 'mask') return;
    clear.hidden = !state.isNarrowed();
    said.textContent = state.isNarrowed() ? `${count(state.passing)} of ${count(state.study.count)} trials` : '';
  });
  const links = [...questions.map(([key, title]) => h('a', {href: `#${key}`}, title)), h('a', {href: '#trials'}, 'Trials')];
  return h('nav', {class: 'bar', 'aria-label': 'Sections'}, h('div', {}, h('div', {class: 'links'}, links), said, clear, themeButton()));
}

/** Everything about one study; the others are drawn beside it. */
function studyPage(study, others) {
  const state = new State(study);
  const table = trialTable(state);
  const content = study.count === 0 ? [] : [
    section('won', 'What won', winnerCard(state)), why(state, others), mattered(state), failed(state), next(study),
    section('trials', 'All trials', table.element)];
  return [bar(state), h('main', {}, summary(study), content), pickedPanel(state), tip(state)];
}

export function start(data) {
  const studies = data.studies.map((packed) => studyOf(packed));
  const body = h('div', {class: 'body'});
  const chooser = h('div', {class: 'chooser'});
  const show = (k) => {
    if (studies.length > 1) chooser.replaceChildren(studiesTable(studies, k, show));
    body.replaceChildren(...studyPage(studies[k], studies.filter((_, j) => j !== k)));
  };
  const title = studies.length === 1 ? studies[0].name : `${studies.length} studies`;
  document.body.append(
      h('header', {class: 'top'}, h('h1', {}, title), h('p', {class: 'made'}, `hpo ${data.version}, ${moment(data.made_at)} UTC`), chooser), body);
  show(0);
}

start(writtenData());
