// A full study in light and dark, wide and narrow: nothing overflows, and axe finds nothing.
import {after, before, test} from 'node:test';
import {launch} from './browser.mjs';
import {checkPage} from './check.mjs';
import {everyState, Folder, lossOf} from './studies.mjs';

const {browser, close} = await launch();
const folder = new Folder();
before(() => {
  folder.told('birds', 60, everyState);
  folder.told('other', 15, (number, chosen) => [{op: 'tell', number, value: lossOf(chosen)}]);
  folder.told('empty', 0, () => []);
});
after(async () => {
  await close();
  folder.remove();
});

for (const scheme of ['light', 'dark']) {
  for (const width of [1400, 420]) {
    test(`a full study, ${scheme}, ${width} px wide`, () => checkPage(browser, folder.page('birds'), {scheme, width}));
  }
}
test('several studies, one of them empty', () => checkPage(browser, folder.page('birds', 'other', 'empty')));
