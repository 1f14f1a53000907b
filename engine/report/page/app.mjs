// The page: sections in the order in which a reader asks.
import {h, prose} from './dom.mjs';
import {count, counted, moment} from './format.mjs';
import {studyOf, writtenData} from './data.mjs';
import {State} from './state.mjs';
import {contourChart} from './contour.mjs';
import {curveChart} from './curves.mjs';
import {failureList} from './failures.mjs';
import {historyChart} from './history.mjs';
import {importanceChart} from './importance.mjs';
import {legend} from './legend.mjs';
import {parallelChart} from './parallel.mjs';
import {pickedPanel, tip} from './picked.mjs';
import {sliceCharts} from './slices.mjs';
import {studiesTable} from './studies.mjs';
import {themeButton} from './theme.mjs';
import {timelineChart} from './timeline.mjs';
import {trialTable} from './table.mjs';
import {copyable, winnerCard} from './winner.mjs';

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
