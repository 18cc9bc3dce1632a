import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Competitor } from './competitor.ts';
import { programClient } from './program-client.ts';

const script = (url: string): string => `from molotov import scenario

@scenario(weight=100)
async def read(session):
    async with session.get("${url}") as res:
        assert res.status == 200
        assert (await res.json())["id"] == 42
`;

/** Molotov (Python) with the same test as ours. */
export const molotovClient: Competitor = programClient({
  name: 'Molotov',
  program: 'molotov',
  async args({ url, connections, seconds, dir }) {
    const file = join(dir, 'molotov_bench.py');
    await writeFile(file, script(url));
    return ['-w', `${connections}`, '-d', `${seconds}`, file];
  },
  answers: (output) => Number(/SUCCESSES:\s*(\d+)/.exec(output)?.[1]),
});
