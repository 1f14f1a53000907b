// A real Chromium for the tests of the report's page, with nothing but files to open.
import {createRequire} from 'node:module';
import {existsSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

const cache = process.env.XDG_CACHE_HOME ?? join(process.env.HOME, '.cache');
const packages = join(process.env.HPO_DEPS ?? join(cache, 'hpo'), 'npm');
const require = createRequire(import.meta.url);

/** ctest reads this exit code as skipped. */
const skipped = 77;

function skip(reason) {
  console.log(`skipped: ${reason}; scripts/setup installs it where it can`);
  process.exit(skipped);
}

/** The folder of a package of scripts/npm.txt. */
export function packageFolder(name) {
  const folder = join(packages, name);
  if (!existsSync(join(folder, 'package.json'))) skip(`there is no ${name} in ${packages}`);
  return folder;
}

/** Where Chromium is; HPO_CHROMIUM names another one. */
export function chromiumPath() {
  const places = [process.env.HPO_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return places.find((place) => place && existsSync(place)) ?? skip('there is no chromium');
}

/** A browser with a new profile. Its sandbox needs more than a container's root has. */
export async function launch() {
  const path = chromiumPath();
  const {chromium} = require(packageFolder('playwright-core-1.65.1'));
  const home = mkdtempSync(join(tmpdir(), 'hpo-browser-'));
  const browser = await chromium.launch({executablePath: path, args: ['--no-sandbox'], env: {...process.env, HOME: home}});
  return {browser, close: async () => {
    await browser.close();
    rmSync(home, {recursive: true, force: true});
  }};
}

/** A page with the file open; `problems` collects what a page must not do: errors, and requests but that for the file. */
export async function openPage(browser, file, {width = 1400, height = 900, scheme = 'light'} = {}) {
  const page = await browser.newPage({viewport: {width, height}, colorScheme: scheme});
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`error: ${error.stack}`));
  page.on('console', (message) => message.type() === 'error' && page.problems.push(`console: ${message.text()}`));
  page.on('dialog', (dialog) => page.problems.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on('request', (request) => {
    if (request.url() !== `file://${file}` && !request.url().startsWith('data:')) page.problems.push(`request: ${request.url()}`);
  });
  await page.goto(`file://${file}`);
  return page;
}
