import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { launchBare } from './launch/bare-launch.ts';
import { launchWithLoads } from './launch/loads-launch.ts';
import { median, pairedRatio } from './report.ts';

// `npm run bench:launch`: from the command `loads run --on docker` to the start of its last container, against bare
// parallel create+start of the same containers through dockerode in the same round. The images have to be there.
const LIMIT = 1.15;
const [rounds = 3, ...counts] = process.argv.slice(2).map(Number);
const IDLE = `import { scenario } from '@loads/node';
scenario('idle', async ({ sleep }) => { await sleep(1000); });
`;

const docker = new Docker();
await using dir = await mkdtempDisposable(join(tmpdir(), 'loads-bench-'));
await writeFile(join(dir.path, 'idle.ts'), IDLE);
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown CPU'}`);
for (const nodes of counts.length > 0 ? counts : [10, 40]) {
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 1; round <= rounds; round++) {
    const { ms, beforeMs, ...made } = await launchWithLoads(docker, nodes, dir.path);
    const bareMs = await launchBare(docker, made);
    ours.push(ms);
    bare.push(bareMs);
    console.log(
      `round ${round}/${rounds}  ${nodes} nodes: loads ${seconds(ms)} (${seconds(beforeMs)} before the first container), bare ${seconds(bareMs)}, load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  const ratio = pairedRatio(ours, bare);
  const verdict = ratio <= LIMIT ? 'within' : 'over';
  console.log(
    `${nodes} nodes: loads ${seconds(median(ours))}, bare ${seconds(median(bare))}, ${ratio.toFixed(2)}x (${verdict} ${LIMIT}x)`,
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
