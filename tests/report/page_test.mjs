// What a reader does with the page: points, clicks, brushes, filters, sorts, copies, and prints.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';
import {launch, openPage} from './browser.mjs';
import {everyState, Folder, lossOf} from './studies.mjs';

const {browser, close} = await launch();
const folder = new Folder();
let file;

before(() => {
  folder.told('birds', 60, everyState);
  file = folder.page('birds');
});
after(async () => {
  await close();
  folder.remove();
});

/** The page, checked at the end for what it must not do. */
async function opened(body, options) {
  const page = await openPage(browser, options?.file ?? file, options);
  await body(page);
  assert.deepEqual(page.problems, []);
  await page.close();
}

const rows = (page) => page.locator('tbody tr[data-trial]');
const said = (page) => page.locator('.said').textContent();

test('the summary answers in the order in which one asks', () => opened(async (page) => {
  assert.deepEqual(await page.locator('.answers dt').allTextContents(), ['What won', 'Why', 'What mattered', 'What failed', 'What next']);
  const text = await page.locator('.answers').textContent();
  assert.match(text, /Trial \d+ won with loss = 0\.\d+\. The search started at/);
  assert.match(text, /Share of the variance: lr/);
  assert.match(text, /5 of 60 trials failed/);
  const box = await page.locator('.answers').boundingBox();
  assert.ok(box.y + box.height < 900, 'it is read without scrolling');
}));

test('every section of the study is there', () => opened(async (page) => {
  const titles = await page.locator('h2, h3').evaluateAll((all) => all.map((one) => one.firstChild.textContent));
  for (const title of ['What won', 'History', 'Learning curves', 'Importance', 'Along each parameter', 'Two parameters together', 'All together', 'All trials']) {
    assert.ok(titles.includes(title), title);
  }
  assert.equal(await page.locator('.multiple').count(), 7);
  // 7 parameters have 21 pairs; that of optimizer and momentum has no meaning.
  assert.equal(await page.locator('.pair').count(), 20);
}));

test('a click on a pair changes the contour', () => opened(async (page) => {
  const pair = page.getByRole('button', {name: 'Contour of lr and dropout'});
  await pair.click();
  assert.equal(await pair.getAttribute('aria-pressed'), 'true');
  assert.equal(await page.locator('.pair[aria-pressed=true]').count(), 1);
  await page.waitForFunction(() => document.querySelector('.contours .hint').textContent.startsWith('loss expected over lr and dropout'));
}));

test('the filter narrows the table and every chart, and says what it does not know', () => opened(async (page) => {
  await page.locator('.scroller').scrollIntoViewIfNeeded();
  await page.getByLabel('Filter', {exact: true}).fill('optimizer=sgd lr<1e-3 state=complete');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr[data-trial]').length < 20);
  for (const cells of await rows(page).evaluateAll((all) => all.map((row) => row.textContent))) assert.match(cells, /complete.*sgd/);
  const shown = Number((await said(page)).split(' ')[0]);
  assert.ok(shown > 0 && shown < 20);
  await page.locator('.wide').scrollIntoViewIfNeeded();
  await page.waitForFunction((n) => document.querySelector('.wide + p').textContent.startsWith(`${n} of 60 trials pass`), shown);
  await page.getByLabel('Filter', {exact: true}).fill('learning_rate<1');
  assert.match(await said(page), /there is no learning_rate; there are number, state/);
}));

test('a head sorts, and sorts the other way round', () => opened(async (page) => {
  const head = page.getByRole('columnheader', {name: 'lr'});
  const lrs = () => rows(page).evaluateAll((all) => all.map((row) => Number(row.children[3].textContent.replace('−', '-').replace('e−', 'e-'))));
  await head.getByRole('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'ascending');
  const ascending = await lrs();
  assert.deepEqual(ascending, [...ascending].sort((a, b) => a - b));
  await head.getByRole('button').click();
  assert.equal(await head.getAttribute('aria-sort'), 'descending');
  assert.ok((await lrs())[0] > ascending[0]);
}));

test('the table begins with the best trial', () => opened(async (page) => {
  const first = await rows(page).first().textContent();
  const winner = await page.locator('.winner-card .big').textContent();
  assert.ok(first.includes(winner.slice(0, 6)));
  assert.ok(await rows(page).first().evaluate((row) => row.classList.contains('winner')));
}));

test('a drag along an axis brushes, and the count is over all trials', () => opened(async (page) => {
  await page.locator('.wide').scrollIntoViewIfNeeded();
  const overlay = page.locator('.brush .overlay').first();
  await overlay.waitFor();
  const box = await overlay.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, {steps: 4});
  await page.mouse.up();
  const slider = page.getByRole('slider', {name: 'Range of lr'});
  assert.match(await slider.getAttribute('aria-valuetext'), / to /);
  const counted = await page.locator('.wide + p').textContent();
  const passing = Number(counted.split(' ')[0]);
  assert.ok(passing > 5 && passing < 55, counted);
  assert.equal(await page.locator('.bar [role=status]').textContent(), `${passing} of 60 trials`);
  await page.getByRole('button', {name: 'show all'}).click();
  assert.equal(await slider.getAttribute('aria-valuetext'), 'all');
  assert.equal(await said(page), '60 trials');
}));

test('the keyboard brushes too', () => opened(async (page) => {
  await page.locator('.wide').scrollIntoViewIfNeeded();
  await page.locator('.brush .overlay').first().waitFor();
  const slider = page.getByRole('slider', {name: 'Range of optimizer'});
  await slider.focus();
  await page.keyboard.press('ArrowUp');
  await page.waitForFunction(() => document.querySelector('.bar [role=status]').textContent !== '');
  const text = await page.locator('.bar [role=status]').textContent();
  assert.notEqual(text, '60 of 60 trials');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.bar [role=status]').textContent(), '');
}));

test('a picked trial is everywhere, and two stand side by side', () => opened(async (page) => {
  await page.getByRole('button', {name: 'Trial 5', exact: true}).first().click();
  const panel = page.getByRole('complementary', {name: 'Picked trials'});
  await panel.waitFor();
  assert.match(await panel.textContent(), /RuntimeError: out of luck/);
  await rows(page).first().getByRole('button').click();
  assert.equal(await panel.locator('thead th').count(), 2);
  await page.locator('.wide').scrollIntoViewIfNeeded();
  await panel.getByRole('button', {name: 'close'}).click();
  assert.ok(await panel.isHidden());
}));

test('the table is walked and picked from by the keyboard', () => opened(async (page) => {
  await page.getByRole('region', {name: 'Trials, scrollable'}).focus();
  for (let k = 0; k < 3; ++k) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('aside').waitFor();
  assert.ok(await rows(page).nth(1).evaluate((row) => row.classList.contains('picked')));
}));

test('pointing at a mark shows its trial in the table and beside the pointer', () => opened(async (page) => {
  const plot = page.getByRole('img', {name: /^Objective of 60 trials/});
  await plot.scrollIntoViewIfNeeded();
  await page.waitForFunction(() => document.querySelector('.ring.winner') !== null);
  const ring = await page.locator('.plot:has(canvas[aria-label^="Objective of"]) .ring.winner').boundingBox();
  await page.mouse.move(ring.x + ring.width / 2, ring.y + ring.height / 2);
  await page.locator('.tip').waitFor();
  const trial = (await page.locator('.tip b').textContent()).replace('trial ', '');
  assert.ok(await page.locator(`tr[data-trial="${trial}"]`).evaluate((row) => row.classList.contains('hovered')));
  await page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
  assert.ok(await page.locator(`tr[data-trial="${trial}"]`).evaluate((row) => row.classList.contains('picked')));
}));

test("the winner's configuration is YAML that the program takes back", () => opened(async (page) => {
  const yaml = await page.locator('.winner-card pre').textContent();
  const chosen = Object.fromEntries(yaml.trim().split('\n').map((line) => line.split(': ')));
  const loss = lossOf({...chosen, lr: Number(chosen.lr), dropout: Number(chosen.dropout), layers: Number(chosen.layers), momentum: Number(chosen.momentum ?? 0.9), image_size: Number(chosen.image_size), augment: chosen.augment === 'true'});
  const winner = Number(await page.locator('.winner-card .big').textContent());
  assert.ok(Math.abs(loss - winner) < 1e-4, `${loss} ${winner}`);
  folder.hpo('enqueue', 'birds', '--json', JSON.stringify(Object.fromEntries(Object.entries(chosen).map(([name, text]) => [name, name === 'optimizer' ? text : JSON.parse(text)]))));
}));

test('the theme changes, and stays changed', () => opened(async (page) => {
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.getByRole('button', {name: 'Switch to dark colours'}).click();
  assert.notEqual(await paper(), light);
  await page.getByRole('button', {name: 'Switch to light colours'}).click();
  assert.equal(await paper(), light);
}));

test('several studies are compared, and each can be looked at', async () => {
  folder.told('other', 20, (number, chosen) => [{op: 'tell', number, value: lossOf(chosen) + 0.02}]);
  await opened(async (page) => {
    assert.equal(await page.locator('.studies tbody tr').count(), 2);
    await page.getByRole('img', {name: /^Objective of/}).scrollIntoViewIfNeeded();
    await page.locator('.line.other').waitFor({state: 'attached'});
    await page.getByRole('button', {name: 'other', exact: true}).click();
    assert.match(await page.locator('.lead').textContent(), /^20 trials/);
    assert.equal(await page.getByRole('button', {name: 'other', exact: true}).getAttribute('aria-pressed'), 'true');
  }, {file: folder.page('birds', 'other')});
});

test('newer data takes the place of older, and the reader goes on where he was', () => opened(async (page) => {
  await page.locator('.wide').scrollIntoViewIfNeeded();
  await page.locator('.brush .overlay').first().waitFor();
  await page.getByRole('slider', {name: 'Range of lr'}).focus();
  await page.keyboard.press('ArrowUp');
  await page.locator('.scroller').scrollIntoViewIfNeeded();
  await page.getByLabel('Filter', {exact: true}).fill('state=complete');
  await rows(page).first().getByRole('button').click();
  const before = await page.locator('.bar [role=status]').textContent();
  await page.evaluate(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    data.studies[0].answers.won = ['Newer.'];
    document.dispatchEvent(new CustomEvent('data', {detail: data}));
  });
  assert.match(await page.locator('.answers').textContent(), /Newer\./);
  assert.equal(await page.locator('.bar [role=status]').textContent(), before);
  assert.equal(await page.getByLabel('Filter', {exact: true}).inputValue(), 'state=complete');
  assert.equal(await page.locator('aside thead th').count(), 1);
  assert.match(await page.getByRole('slider', {name: 'Range of lr'}).getAttribute('aria-valuetext'), / to /);
  await page.getByRole('button', {name: 'show all'}).click();
  assert.equal(await page.getByLabel('Filter', {exact: true}).inputValue(), '');
}));

test('two objectives have a front', () => opened(async (page) => {
  await page.evaluate(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const [study] = data.studies;
    study.objectives.push({metric: 'cost', goal: 'minimize', value: 'last'});
    study.trials.columns.objectives.push(study.trials.columns.objectives[0]);
    document.dispatchEvent(new CustomEvent('data', {detail: data}));
  });
  // Of two equal objectives only the best trial is beaten by none.
  await page.getByRole('img', {name: 'loss against cost; 1 trial beaten by none in both'}).scrollIntoViewIfNeeded();
  await page.locator('.on-front').waitFor();
  assert.equal(await page.locator('.on-front').count(), 1);
}));

test('it prints in light colours with every chart drawn', () => opened(async (page) => {
  const pdf = await page.pdf({format: 'A4', printBackground: true});
  assert.ok(pdf.length > 100_000, `${pdf.length} bytes`);
}, {scheme: 'dark'}));
