import type { ScenarioFile } from '../api/registry.ts';
import type { Recorder } from '../recording/recorder.ts';
import type { DumpRequest } from '../recording/request-dump.ts';
import type { NodeBrief } from './link-client.ts';
import type { LoadRecorder } from './load-recorder.ts';
import type { NameCap } from './name-cap.ts';
import type { RunStage } from './run-stage.ts';
import type { WorkerCount } from './worker-count.ts';

/** Why a process ends its load by itself. */
export type EndReason = 'failure' | 'empty' | { readonly setupFailed: string };

/** What all workers of a process share. */
export type Crew = {
  readonly brief: NodeBrief;
  readonly file: ScenarioFile;
  readonly stage: RunStage;
  readonly recorder: Recorder;
  readonly measures: LoadRecorder;
  readonly checkNames: NameCap;
  /** Shows every request, where that is asked for. */
  readonly dump?: DumpRequest | undefined;
  readonly dial: ReadonlyMap<string, { readonly host: string; readonly port: number }>;
  readonly data: unknown;
  readonly shared: unknown;
  readonly workers: WorkerCount;
  /** No further iteration is to begin. */
  readonly stopped: AbortSignal;
  /** Iterations in flight are to be cut. */
  readonly cut: AbortSignal;
  /** Lets no further iteration begin in this process, or in the run. */
  readonly end: (reason: EndReason) => void;
};
