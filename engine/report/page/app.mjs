// The page: sections in the order in which a reader asks.
import {h, prose, sweep} from './dom.mjs';
import {count, counted, moment} from './format.mjs';
import {studyOf, writtenData} from './data.mjs';
import {State} from './state.mjs';
import {contourChart} from './contour.mjs';
import {curveChart} from './curves.mjs';
import {failureList} from './failures.mjs';
import {frontChart} from './front.mjs';
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
  const front = study.objectives.length > 1 ? frontChart(state) : null;
  return section('why', 'How it got there', legend(study),
      front && titled('Both objectives', front.words, front.element),
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
  const timeline = state.study.resources.length ? timelineChart(state) : null;
  return section('failed', 'What failed', failureList(state), timeline && titled('Timeline', timeline.words, timeline.element));
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
  const say = () => {
    clear.hidden = !state.isNarrowed();
    said.textContent = state.isNarrowed() ? `${count(state.passing)} of ${count(state.study.count)} trials` : '';
  };
  state.listen((what) => what === 'mask' && say());
  say();
  const links = [...questions.map(([key, title]) => h('a', {href: `#${key}`}, title)), h('a', {href: '#trials'}, 'Trials')];
  return h('nav', {class: 'bar', 'aria-label': 'Sections'}, h('div', {}, h('div', {class: 'links'}, links), said, clear, themeButton()));
}

/** Everything about one study; the others are drawn beside it. */
function studyPage(state, others) {
  const {study} = state;
  const table = trialTable(state);
  const content = study.count === 0 ? [] : [
    section('won', 'What won', winnerCard(state)), why(state, others), mattered(state), failed(state), next(study),
    section('trials', 'All trials', table.element)];
  return [bar(state), h('main', {}, summary(study), content), pickedPanel(state), tip(state)];
}

/**
 * Shows the page's data. A later `data` event of the document, whose detail is newer data, replaces it, and the reader
 * goes on where he was: so a page that is sent its data is the same as one that has it written in.
 */
export function start(data) {
  const body = h('div', {class: 'body'});
  const title = h('h1', {});
  const made = h('p', {class: 'made'});
  const chooser = h('div', {class: 'chooser'});
  let studies = [];
  const states = new Map();  // name of a study -> its State, with what the reader did
  let shown = '';

  function show(name) {
    shown = name;
    const study = studies.find((one) => one.name === name);
    states.set(name, new State(study, states.get(name)));
    if (studies.length > 1) chooser.replaceChildren(studiesTable(studies, studies.indexOf(study), (k) => show(studies[k].name)));
    body.replaceChildren(...studyPage(states.get(name), studies.filter((other) => other !== study)));
    sweep();
  }

  function take(newer) {
    studies = newer.studies.map((packed) => studyOf(packed));
    title.textContent = studies.length === 1 ? studies[0].name : `${studies.length} studies`;
    made.textContent = `hpo ${newer.version}, ${moment(newer.made_at)} UTC`;
    show(studies.some((study) => study.name === shown) ? shown : studies[0].name);
  }

  document.body.append(h('header', {class: 'top'}, title, made, chooser), body);
  document.addEventListener('data', (event) => take(event.detail));
  take(data);
}

const written = writtenData();
if (written) start(written);
