import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

const SCRIPT = `from urllib.parse import urlparse
from locust import FastHttpUser, task

class Reader(FastHttpUser):
    @task
    def read(self):
        with self.client.get(urlparse(self.host).path, catch_response=True) as res:
            if res.status_code != 200 or res.json()["id"] != 42:
                res.failure("not 42")
`;

/** Locust (Python) with its fast client and the same test as ours. */
export const locustClient: Competitor = programClient({
  name: 'Locust FastHttp',
  program: 'locust',
  async args({ url, connections, seconds, dir }) {
    const script = join(dir, 'locustfile.py');
    await writeFile(script, SCRIPT);
    const users = ['-u', `${connections}`, '-r', `${connections}`, '-t', `${seconds}s`];
    return ['-f', script, '--headless', '--host', url, '--json', '--only-summary', ...users];
  },
  answers(output) {
    const rows = JSON.parse(output.slice(output.indexOf('['))) as { num_requests: number; num_failures: number }[];
    if (rows.some(({ num_failures }) => num_failures > 0)) throw new Error('Locust met failures');
    return rows.reduce((sum, { num_requests }) => sum + num_requests, 0);
  },
});
