// Studies with nothing to show, or hardly anything.
import {after, before, test} from 'node:test';
import {launch} from './browser.mjs';
import {checkPage} from './check.mjs';
import {Folder} from './studies.mjs';

const {browser, close} = await launch();
const folder = new Folder();
const fixed = '\n  x: {type: categorical, values: [only]}\n  y: {type: float, min: 0, max: 1}';

before(() => {
  folder.told('empty', 0, () => []);
  folder.told('one', 1, (number) => [{op: 'tell', number, value: 0.5}]);
  folder.told('running', 3, () => []);
  folder.told('failed', 12, (number) => [{op: 'tell', number, state: 'failed', reason: 'CUDA error'}]);
  folder.told('constant', 20, (number) => [{op: 'tell', number, value: 1}]);
  folder.told('fixed', 12, (number, {y}) => [{op: 'tell', number, value: y}], fixed);
  folder.told('huge', 12, (number, {y}) => [{op: 'tell', number, value: number === 3 ? 1e300 : y * 1e-9}], fixed, 'maximize');
  folder.told('nan', 12, (number, {y}) => [{op: 'tell', number, value: number % 2 ? 'NaN' : y}], fixed);
});
after(async () => {
  await close();
  folder.remove();
});

for (const name of ['empty', 'one', 'running', 'failed', 'constant', 'fixed', 'huge', 'nan']) {
  test(`the study "${name}" has a page`, () => checkPage(browser, folder.page(name)));
}
