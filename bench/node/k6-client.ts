import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

const SCRIPT = `import http from 'k6/http';
import { check } from 'k6';
export default function () {
  const res = http.get(__ENV.URL);
  check(res, { 'status is 200': (r) => r.status === 200 });
  if (res.json().id !== 42) throw new Error('not 42');
}
`;

/** k6 with the same test as ours. */
export const k6Client: Competitor = programClient({
  name: 'k6',
  program: 'k6',
  async args({ url, connections, seconds, dir }) {
    const script = join(dir, 'k6.js');
    await writeFile(script, SCRIPT);
    return ['run', '--no-usage-report', '-u', `${connections}`, '-d', `${seconds}s`, '-e', `URL=${url}`, script];
  },
  answers: (output) => Number(/http_reqs[.\s]*:\s*(\d+)/.exec(output)?.[1]),
});
