import assert from 'node:assert/strict';
import { Pool, request } from 'undici';

// A program: loops over `undici.request` for some seconds, then prints how many answers were good.
const [url = '', connections = '', seconds = ''] = process.argv.slice(2);
const pool = new Pool(new URL(url).origin, { connections: Number(connections), pipelining: 1 });
const endMs = performance.now() + Number(seconds) * 1000;
const counts = await Promise.all(Array.from({ length: Number(connections) }, loop));
await pool.close();
console.log(counts.reduce((sum, count) => sum + count, 0));

async function loop(): Promise<number> {
  let count = 0;
  while (performance.now() < endMs) {
    const { statusCode, body } = await request(url, { dispatcher: pool });
    assert.equal(statusCode, 200);
    const item = (await body.json()) as { id: number };
    assert.equal(item.id, 42);
    count += 1;
  }
  return count;
}
