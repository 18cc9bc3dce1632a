import { readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askAgain, askOnce } from './ask.ts';
import { startCart } from './cart.ts';
import { picture } from './picture.ts';
import { startPrices } from './prices.ts';
import { runLoads, startProxy } from './programs.ts';
import { storedTimeline } from './stored-timeline.ts';

// What `npm run demo:resilience` does: runs the same load with the same faults against a cart without and with a timeout and a
// retry, compares the two runs, and draws them. Exits with 0 when the first failed and the second passed.
const FAILED = 99;
const CONFIG = join(import.meta.dirname, 'loads.yml');
const RUNS = '.loads/runs';
const ABOUT = ['asks once, and waits', 'a timeout of 250 ms, three tries'];

const { values } = parseArgs({ options: { picture: { type: 'string', default: '.loads/resilience.svg' } } });

await using prices = await startPrices();
await using proxy = await startProxy(prices.address);
await using first = await startCart(askOnce(proxy.url));
await using second = await startCart(askAgain(proxy.url));

console.log('Version 1 of the cart asks the prices once, and waits.');
const before = await run(first.url, '1');
console.log('\nVersion 2 gives up after 250 ms, and asks up to three times.');
const after = await run(second.url, '2');
console.log('\nVersion 1 compared with version 2, and what separates them:\n');
await runLoads(['compare', after.run, before.run]);

const drawn = await Promise.all([before, after].map(({ run: name }) => storedTimeline(join(RUNS, name))));
await writeFile(
  values.picture,
  picture(drawn.map((one, i) => ({ ...one, title: `version ${i + 1}`, about: ABOUT[i] ?? '' }))),
);
console.log(
  `\nexit codes: version 1 ${before.exitCode}, version 2 ${after.exitCode}; drawn: ${resolve(values.picture)}`,
);
process.exitCode = before.exitCode === FAILED && after.exitCode === 0 ? 0 : 1;

/** Runs the load against a version. Ends the demonstration when the run was none. */
async function run(url: string, version: string): Promise<{ readonly run: string; readonly exitCode: number }> {
  const args = ['run', CONFIG, '-t', url, '--label', `version=${version}`];
  const exitCode = await runLoads(args, { VAURIEN: proxy.control });
  const newest = (await readdir(RUNS).catch(() => [])).sort().at(-1);
  if (newest !== undefined && [0, FAILED].includes(exitCode)) return { run: newest, exitCode };
  console.error(`version ${version} could not be judged: exit code ${exitCode}`);
  await proxy[Symbol.asyncDispose]();
  process.exit(exitCode);
}
