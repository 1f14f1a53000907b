// The page: sections in the order in which a reader asks.
import {h, prose} from './dom.js';
import {moment} from './format.js';
import {studyOf, writtenData} from './data.js';
import {State} from './state.js';
import {historyChart} from './history.js';
import {trialTable} from './table.js';

const questions = [['searched', 'What was searched'], ['won', 'What won'], ['why', 'Why'], ['mattered', 'What mattered'], ['failed', 'What failed'], ['next', 'What next']];

function summary(study) {
  return h('section', {id: 'summary', 'aria-label': 'Summary'}, h('dl', {class: 'answers'}, questions.flatMap(([key, title]) =>
      [h('dt', {}, title), h('dd', {}, study.answers[key].flatMap((sentence) => [...prose(sentence), ' ']))])));
}

function section(id, title, ...content) {
  return h('section', {id, 'aria-labelledby': `${id}-title`}, h('h2', {id: `${id}-title`}, title), content);
}

/** Everything about one study; the others are drawn beside it. */
function studyPage(study, others) {
  const state = new State(study);
  return h('div', {class: 'study'},
      summary(study),
      section('history', 'History', historyChart(state, others).element),
      section('trials', 'Trials', trialTable(state).element));
}

export function start(data) {
  const studies = data.studies.map(studyOf);
  const content = h('main', {});
  const show = (k) => content.replaceChildren(studyPage(studies[k], studies.filter((_, j) => j !== k)));
  document.body.append(
      h('header', {class: 'top'}, h('h1', {}, studies.map((study) => study.name).join(', ')), h('p', {class: 'made'}, `hpo ${data.version}, ${moment(data.made_at)} UTC`)),
      content);
  show(0);
}

start(writtenData());
