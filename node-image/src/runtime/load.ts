import type { Recorder } from '../recording/recorder.ts';
import type { LinkClient, NodeBrief } from './link-client.ts';
import type { LoadRecorder } from './load-recorder.ts';
import type { RunStage } from './run-stage.ts';

/** How a load has ended: how many iterations were cut, a program's exit code, and a fixture that threw on the way. */
export type LoadEnd = {
  readonly interrupted: number;
  readonly commandExit?: number | undefined;
  readonly setupFailed?: string | undefined;
  /** A feeder without a row left ended it. */
  readonly rowsUsedUp?: boolean | undefined;
};

/** What a process runs between its start and its end: a scenario file, or a foreign program. */
export type Load = {
  /** Whether `setupProcess` has something to do, and so waits for what the setup gives. */
  readonly waitsForSetup: boolean;
  /** Runs before the start, in the first process of node 1 alone; what it gives reaches all. `cut` aborts when it is to end at once. */
  setup(cut: AbortSignal): Promise<unknown>;
  /** Runs before the start, after the setup, in every process. */
  setupProcess(setup: unknown, cut: AbortSignal): Promise<void>;
  /** Undoes a `setupProcess` when the run does not begin: else that belongs to the run. */
  teardownProcess(setup: unknown): Promise<void>;
  /** Runs from the start to the end. */
  run(setup: unknown): Promise<LoadEnd>;
  /** Called every second between the start and the end. */
  tick?(): void;
  /** Called between the start and the end with what the scenario's code throws where nobody catches it. */
  uncaught(error: unknown): void;
  /** Runs after the end, in the first process of node 1 alone. */
  teardown(setup: unknown): Promise<void>;
};

/** What a load works with. */
export type LoadContext = {
  readonly brief: NodeBrief;
  readonly link: Pick<LinkClient, 'send' | 'stopped' | 'cut' | 'lost' | 'workers'>;
  readonly stage: RunStage;
  readonly recorder: Recorder;
  readonly measures: LoadRecorder;
};
