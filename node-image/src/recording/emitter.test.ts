import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type AwaitReceived, Emitter } from './emitter.ts';

/** Stands in for the agent: takes datagrams, and acknowledges what the test lets it. */
class Agent implements AsyncDisposable {
  readonly #socket = createSocket('udp4');
  readonly datagrams: string[] = [];
  readonly #arrivals = new EventTarget();

  static async open(): Promise<Agent> {
    const agent = new Agent();
    agent.#socket.on('message', (datagram) => {
      agent.datagrams.push(datagram.toString());
      agent.#arrivals.dispatchEvent(new Event('arrival'));
    });
    agent.#socket.bind(0, '127.0.0.1');
    await once(agent.#socket, 'listening');
    return agent;
  }

  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  get lines(): readonly string[] {
    return this.datagrams.flatMap((datagram) => datagram.split('\n'));
  }

  async has(lines: number): Promise<void> {
    while (this.lines.length < lines) await once(this.#arrivals, 'arrival');
  }

  /** Waits until nothing is on its way any more: two turns of the event loop that bring nothing. */
  async quiet(): Promise<void> {
    for (let before = -1; before !== this.datagrams.length; ) {
      before = this.datagrams.length;
      await nextTurn();
      await nextTurn();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

function lines(count: number, name = 'm'): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${name}${i}:1|c`);
}

test('lines arrive in order, in datagrams of at most 8 KiB', async () => {
  await using agent = await Agent.open();
  await using emitter = new Emitter(agent.address, (wanted) => agent.has(wanted).then(() => agent.lines.length));
  const sent = lines(5000);
  await emitter.send(sent, 5000);
  expect(await emitter.drained()).toBe(true);
  expect(agent.lines).toEqual(sent);
  const sizes = agent.datagrams.map((datagram) => Buffer.byteLength(datagram));
  expect(Math.max(...sizes)).toBeLessThanOrEqual(8 * 1024);
  expect(Math.min(...sizes.slice(0, -1))).toBeGreaterThan(8 * 1024 - 20);
  expect(emitter.samples).toBe(5000);
});

test('bytes count, not characters, and a line that is longer than a datagram goes alone', async () => {
  await using agent = await Agent.open();
  await using emitter = new Emitter(agent.address, (wanted) => agent.has(wanted).then(() => agent.lines.length));
  const wide = `${'é'.repeat(2500)}:1|c`;
  const long = `${'x'.repeat(10_000)}:1|c`;
  await emitter.send(['a:1|c', wide, 'b:1|c', wide, long, 'd:1|c', ...lines(2)], 8);
  expect(await emitter.drained()).toBe(true);
  expect(agent.datagrams).toEqual([`a:1|c\n${wide}\nb:1|c`, wide, long, 'd:1|c\nm0:1|c\nm1:1|c']);
});

test('it is never more lines ahead of the acknowledgements than a small buffer holds', async () => {
  await using agent = await Agent.open();
  const waits: { readonly wanted: number; readonly ahead: number }[] = [];
  let acknowledged = 0;
  const received: AwaitReceived = async (wanted) => {
    // As few as will do are acknowledged, so that what is on its way is as much as it ever is.
    await agent.has(wanted);
    await agent.quiet();
    waits.push({ wanted, ahead: agent.lines.length - acknowledged });
    acknowledged = wanted;
    return acknowledged;
  };
  await using emitter = new Emitter(agent.address, received);
  await Promise.all([emitter.send(lines(4000, 'a'), 4000), emitter.send(lines(4000, 'b'), 4000)]);
  await agent.has(8000);
  expect(agent.lines).toEqual([...lines(4000, 'a'), ...lines(4000, 'b')]);
  expect(waits.length).toBeGreaterThan(5);
  expect(Math.max(...waits.map(({ ahead }) => ahead))).toBeLessThanOrEqual(1500);
  expect(agent.lines.length - acknowledged).toBeLessThanOrEqual(1500);
});

/** An agent that acknowledges so many lines at once, and never more; `waits` are what was asked for. */
function acknowledging(): { arrived: number; readonly waits: number[]; readonly received: AwaitReceived } {
  const agent = {
    arrived: 0,
    waits: [] as number[],
    received: (wanted: number): Promise<number> => {
      agent.waits.push(wanted);
      return Promise.resolve(agent.arrived);
    },
  };
  return agent;
}

test('lines that do not arrive in time are given up, once', async () => {
  await using agent = await Agent.open();
  const lossy = acknowledging();
  await using emitter = new Emitter(agent.address, lossy.received);
  await emitter.send(lines(3000), 3000);
  await agent.has(3000);
  expect(await emitter.drained()).toBe(false);
  expect(lossy.waits.length).toBeGreaterThan(1);

  lossy.waits.length = 0;
  lossy.arrived = 1400;
  await emitter.send(lines(1400), 1400);
  expect(await emitter.drained()).toBe(true);
  // There was room for a whole window again, and nothing of the 3000 was waited for.
  expect(lossy.waits).toEqual([1400]);
});

test('lines that were only late count again', async () => {
  await using agent = await Agent.open();
  const late = acknowledging();
  await using emitter = new Emitter(agent.address, late.received);
  await emitter.send(lines(1000), 1000);
  expect(await emitter.drained()).toBe(false);
  late.arrived = 2000;
  await emitter.send(lines(1000), 1000);
  expect(await emitter.drained()).toBe(true);
  await emitter.send(lines(10), 10);
  expect(await emitter.drained()).toBe(false);
  expect(late.waits.at(-1)).toBe(2010);
});

test('lines of others, that the agent counts too, do not make it wait for more than it sent', async () => {
  await using agent = await Agent.open();
  const shared = acknowledging();
  await using emitter = new Emitter(agent.address, shared.received);
  shared.arrived = 5000;
  for (let i = 0; i < 3; i++) {
    await emitter.send(lines(10), 10);
    expect(await emitter.drained()).toBe(true);
  }
  expect(shared.waits).toEqual([10, 20, 30]);
});

test('an agent that is not there is no error: the accounts will show it', async () => {
  const address = await (async () => {
    await using agent = await Agent.open();
    return agent.address;
  })();
  await using emitter = new Emitter(address, () => Promise.resolve(0));
  await emitter.send(lines(10), 10);
  expect(await emitter.drained()).toBe(false);
  expect(emitter.samples).toBe(10);
});

test('lets other work go on between two datagrams', async () => {
  await using agent = await Agent.open();
  await using emitter = new Emitter(agent.address, async (wanted) => wanted);
  let [turns, sent] = [0, false];
  const turning = (async () => {
    for (; !sent; turns += 1) await nextTurn();
  })();
  await emitter.send(lines(4000), 4000);
  sent = true;
  await turning;
  await agent.has(4000);
  expect(turns).toBeGreaterThanOrEqual(agent.datagrams.length - 1);
});
