// Names, values and log lines that try to be markup stay text, and the policy would stop what got through.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {after, test} from 'node:test';
import {launch, openPage} from './browser.mjs';
import {Folder} from './studies.mjs';

const {browser, close} = await launch();
const folder = new Folder();
after(async () => {
  await close();
  folder.remove();
});

const markup = '</script><script>document.title="owned"</script><img src=x onerror=alert(1)>';

const yaml = `study: hostile
objective: {metric: '<img src=x onerror=alert(2)>', goal: minimize}
parameters:
  '"><svg/onload/><b>': {type: float, min: 0, max: 1}
  kind: {type: categorical, values: ['${markup}', '<!--<script>', '</style><style>*{display:none}', 'javascript:alert(4)', '\${7*7}{{title}}']}
strategy: {name: random, seed: 1}
limits: {trials: 10, parallel: 2}
trial:
  command: [sh, trial.sh]
  metrics: {'<img src=x onerror=alert(2)>': 'value: (\\S+)'}
resources: {gpus: 0, cpus_per_trial: 0.25}
storage: hpo.db
`;

const script = `n=$(basename "$SM_MODEL_DIR/..")
printf '%s\\n' '${markup}' '\\033]0;owned\\007' '<iframe src=javascript:alert(5)>'
if [ $(( \${#2} % 3 )) = 0 ]; then echo '${markup}' >&2; exit 1; fi
echo "value: 0.\${#2}"
`;

test('hostile text is shown as it is, does nothing, and asks for nothing', async () => {
  writeFileSync(folder.file('t.yaml'), yaml);
  writeFileSync(folder.file('trial.sh'), script);
  folder.hpo('run', 't.yaml');
  const file = folder.page('hostile');
  const text = folder.read(file);
  assert.ok(!text.includes('<img'), 'no markup of the study is in the file');
  const page = await openPage(browser, file, {height: 6000});
  assert.equal(await page.title(), 'hpo: hostile');
  assert.equal(await page.locator('main img, main iframe, main script, main style').count(), 0);
  assert.ok((await page.locator('.failures pre').first().textContent()).includes(markup));
  assert.ok((await page.locator('main').textContent()).includes('{{title}}'));
  assert.equal(await page.getByRole('heading', {name: /^Timeline/}).count(), 1, 'trials that ran somewhere have a timeline');
  // Point at and pick a trial: its texts go through other places.
  await page.locator('tbody tr[data-trial] button').first().click();
  assert.equal(await page.locator('aside img').count(), 0);
  assert.deepEqual(page.problems, []);
  await page.close();
});

test('the policy allows no script, style, request or form but the page\'s own', {timeout: 60_000}, async () => {
  folder.told('plain', 5, (number) => [{op: 'tell', number, value: number}]);
  const page = await openPage(browser, folder.page('plain'));
  const policy = await page.locator('meta[http-equiv]').getAttribute('content');
  for (const rule of ["default-src 'none'", "connect-src 'none'", "base-uri 'none'", "form-action 'none'", 'img-src data:']) assert.ok(policy.includes(rule), rule);
  assert.ok(!policy.includes('unsafe'));
  const refused = await page.evaluate(async () => {
    const blocked = [];
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.owned = true';
    document.body.append(script);
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:9/x.png';
    document.body.append(image);
    const style = document.createElement('div');
    style.setAttribute('style', 'color: red');
    document.body.append(style);
    const asked = await fetch('http://127.0.0.1:9/').then(() => 'allowed', () => 'refused');
    // Each is told in a task of its own; one that never is fails by the test's time limit.
    await new Promise((done) => {
      const all = () => ['script-src-elem', 'img-src', 'connect-src', 'style-src-attr'].every((one) => blocked.includes(one)) && done();
      document.addEventListener('securitypolicyviolation', all);
      all();
    });
    return {asked, owned: window.owned ?? false};
  });
  assert.equal(refused.asked, 'refused');
  assert.equal(refused.owned, false);
  await page.close();
});
