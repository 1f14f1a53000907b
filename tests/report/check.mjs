// What holds of every page, whatever its study.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {openPage, packageFolder} from './browser.mjs';

const axe = join(packageFolder('axe-core-4.14.1'), 'axe.min.js');

/** Everything in sight is drawn, nothing overflows, and axe finds nothing. */
export async function checkPage(browser, file, options) {
  const page = await openPage(browser, file, {height: 7000, ...options});
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  assert.ok(!/NaN|undefined|Infinity|\[object/.test(await page.locator('main').innerText()), 'no machine words');
  assert.ok(!(await page.locator('svg').evaluateAll((all) => all.some((one) => /NaN|undefined|Infinity/.test(one.outerHTML)))), 'no broken shape');
  // The page's policy forbids injected scripts, and the debugger's evaluation is not one.
  await page.evaluate(readFileSync(axe, 'utf8'));
  const {violations, passes} = await page.evaluate(() => window.axe.run());
  assert.ok(passes.length > 15, `axe has looked: ${passes.length} rules`);
  const found = violations.map((one) => `${one.id}: ${one.help} ${one.nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`)}`);
  assert.deepEqual(found, []);
  assert.deepEqual(page.problems, []);
  await page.close();
}
