import type { Recorder } from '../recording/recorder.ts';
import type { LinkClient, NodeBrief } from './link-client.ts';
import type { RunStage } from './run-stage.ts';

/** What a node runs between its start and its end: a scenario file, or a foreign program. */
export type Load = {
  /** Runs before the start, on node 1 alone; what it gives reaches all nodes. */
  setup(): Promise<unknown>;
  /** Runs from the start to the end. Gives how many iterations were cut, and a program's exit code. */
  run(setup: unknown): Promise<{ readonly interrupted: number; readonly commandExit?: number | undefined }>;
  /** Runs after the end, on node 1 alone. */
  teardown(setup: unknown): Promise<void>;
};

/** What a load works with. */
export type LoadContext = {
  readonly brief: NodeBrief;
  readonly link: LinkClient;
  readonly stage: RunStage;
  readonly recorder: Recorder;
};
