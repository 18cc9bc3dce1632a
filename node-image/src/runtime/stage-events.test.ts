import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { planOf } from './sidecar.test.fixture.ts';
import { type StageCue, stageCues } from './stage-cues.ts';
import { StageEvents } from './stage-events.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const profile = [
  { forMs: 1000, from: 0, to: 10 },
  { forMs: 4000, from: 10, to: 10 },
];
const plan = planOf({ load: [{ atMs: 500, durationMs: 5000, model: { kind: 'workers', profile } }] });

test('a stage has a start, a middle and an end, and ends before the next one starts', () => {
  const cues = stageCues(plan).map(({ event, stage, atMs }) => [atMs, event, stage]);
  expect(cues).toEqual([
    [500, 'stage_start', 1],
    [1000, 'stage_middle', 1],
    [1500, 'stage_end', 1],
    [1500, 'stage_start', 2],
    [3500, 'stage_middle', 2],
    [5500, 'stage_end', 2],
  ]);
  expect(stageCues(plan)[3]).toEqual({
    event: 'stage_start',
    atMs: 1500,
    stage: 2,
    stages: 2,
    scenario: undefined,
    kind: 'steady',
    of: 'workers',
    from: 10,
    to: 10,
    durationMs: 4000,
  });
});

/** The events of the plan as they are told, each with its instant. */
function listen(slowMs = 0): { events: StageEvents; heard: unknown[] } {
  const beginMs = Date.now();
  const heard: unknown[] = [];
  const tell = async ({ event, stage }: StageCue): Promise<void> => {
    heard.push([Date.now() - beginMs, event, stage]);
    if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs));
  };
  return { events: new StageEvents(stageCues(plan), { elapsed: () => Date.now() - beginMs, tell }), heard };
}

test('listeners are told when it is time', async () => {
  const { events, heard } = listen();
  await vi.advanceTimersByTimeAsync(6000);
  await events.end();
  expect(heard).toEqual(stageCues(plan).map(({ event, stage, atMs }) => [atMs, event, stage]));
});

test('a stage in which the load ends has an end, one that has not begun has none', async () => {
  const { events, heard } = listen();
  await vi.advanceTimersByTimeAsync(700);
  await events.end();
  await vi.advanceTimersByTimeAsync(6000);
  expect(heard).toEqual([
    [500, 'stage_start', 1],
    [700, 'stage_end', 1],
  ]);
});

test('slow listeners hear all, one after the other', async () => {
  const { events, heard } = listen(2000);
  await vi.advanceTimersByTimeAsync(5600);
  const ended = events.end();
  await vi.advanceTimersByTimeAsync(20_000);
  await ended;
  expect(heard).toHaveLength(6);
  expect(heard[1]).toEqual([2500, 'stage_middle', 1]);
});
