import { arrivalPacer } from '@loads/core';
import { EventHub } from '../api/events.ts';
import type { RegisteredScenario } from '../api/registry.ts';
import { Recorder } from '../recording/recorder.ts';
import type { Crew } from './crew.ts';
import type { NodeBrief } from './link-client.ts';
import { LoadRecorder } from './load-recorder.ts';
import { NameCap } from './name-cap.ts';
import { OpenLoad } from './open-load.ts';
import { RunStage } from './run-stage.ts';
import { Worker } from './worker.ts';
import { WorkerCount } from './worker-count.ts';

const FOR_MS = 100;
/** Arrivals a second. */
const RATE = 40_000;
const WORKERS = 100;

/**
 * Has arrivals of nothing before the run, on measurements that nobody sees, for a tenth of a second: run for the first time
 * and compiled while arrivals are due, their own code would make some hundred of them late.
 */
export async function rehearseArrivals(brief: NodeBrief): Promise<void> {
  const crew = hiddenCrew(brief);
  const [scenario] = crew.file.scenarios as [RegisteredScenario];
  const workers: Worker[] = [];
  const load = new OpenLoad({
    crew,
    atMs: 0,
    busyWait: false,
    arrivals: arrivalPacer({
      profile: [{ forMs: FOR_MS, from: RATE, to: RATE }],
      spacing: 'even',
      seed: 1,
      slot: { index: 0, count: 1 },
    }),
    ready: WORKERS,
    most: WORKERS,
    recruit(index) {
      const worker = new Worker(index, crew);
      workers.push(worker);
      return worker;
    },
    pick: () => scenario,
    scenarioOf: () => scenario.name,
  });
  await load.run();
  await Promise.all(workers.map((worker) => worker.finish()));
}

function hiddenCrew(brief: NodeBrief): Crew {
  const stage = new RunStage(brief.plan);
  stage.begin(performance.timeOrigin + performance.now());
  const stamp: RunStage['stamp'] = (fromMs, toMs) => stage.stamp(fromMs, toMs);
  const never = new AbortController().signal;
  const scenario: RegisteredScenario = { name: 'warm-up', weight: 1, run: async ({ check }) => check(true, 'warm-up') };
  return {
    brief,
    file: { scenarios: [scenario], events: new EventHub() },
    stage,
    recorder: new Recorder(stamp),
    measures: new LoadRecorder(stamp),
    checkNames: new NameCap(),
    dial: new Map(),
    data: undefined,
    shared: {},
    stopped: never,
    cut: never,
    workers: new WorkerCount(),
    end: () => undefined,
  };
}
