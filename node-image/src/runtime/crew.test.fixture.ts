import type { RunPlan } from '@loads/core';
import { EventHub } from '../api/events.ts';
import type { ScenarioFile } from '../api/registry.ts';
import { Recorder } from '../recording/recorder.ts';
import type { Crew } from './crew.ts';
import { LoadRecorder } from './load-recorder.ts';
import { NameCap } from './name-cap.ts';
import { RunStage } from './run-stage.ts';
import { briefOf } from './sidecar.test.fixture.ts';
import { WorkerCount } from './worker-count.ts';

/** What workers of a plan share, whose load has begun; a test changes what it is about. */
export function crewOf(plan: RunPlan, file: Partial<ScenarioFile>, change: Partial<Crew> = {}): Crew {
  const stage = new RunStage(plan);
  stage.begin(performance.timeOrigin + performance.now());
  const stamp: RunStage['stamp'] = (from, to) => stage.stamp(from, to);
  const never = new AbortController().signal;
  return {
    brief: briefOf(plan),
    file: { scenarios: [], events: new EventHub(), ...file },
    stage,
    recorder: new Recorder(stamp),
    measures: new LoadRecorder(stamp),
    checkNames: new NameCap(),
    dial: new Map(),
    data: undefined,
    shared: {},
    workers: new WorkerCount(),
    stopped: never,
    cut: never,
    end: () => undefined,
    ...change,
  };
}
