// Prints how quick a page is in Chromium: `node page_speed.mjs FILE`.
import {launch, openPage} from './browser.mjs';

const {browser, close} = await launch();
const file = process.argv[2];
const usable = [];
for (let k = 0; k < 3; ++k) {
  const page = await openPage(browser, file);
  // From the start of the navigation to the frame in which the page's charts are drawn.
  usable.push(await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))));
  await page.close();
}
const page = await openPage(browser, file);
await page.locator('.wide').scrollIntoViewIfNeeded();
await page.locator('.brush .overlay').first().waitFor();
const times = await page.evaluate(async () => {
  const overlay = document.querySelector('.brush .overlay');
  const box = overlay.getBoundingClientRect();
  const send = (target, type, y) => target.dispatchEvent(new MouseEvent(type, {bubbles: true, view: window, clientX: box.x + box.width / 2, clientY: y}));
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const taken = [];
  send(overlay, 'mousedown', box.y + 30);
  for (let k = 1; k <= 40; ++k) {
    await painted();
    const start = performance.now();
    send(window, 'mousemove', box.y + 30 + 6 * k);
    await painted();
    taken.push(performance.now() - start);
  }
  send(window, 'mouseup', box.y + 280);
  return taken;
});
times.sort((a, b) => a - b);
console.log(`usable after ${(usable.sort((a, b) => a - b)[1] / 1000).toFixed(2)} s (at most 2); a brush step takes ${times[20].toFixed(0)} ms in the median, ${times[39].toFixed(0)} ms at most (at most 100)`);
console.log(`lines: ${await page.locator('.wide + p').textContent()}`);
if (page.problems.length) console.log(page.problems.join('\n'));
await close();
