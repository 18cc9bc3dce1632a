import type { InfluxPlan } from '@loads/core';
import { checkDatabase } from './check-database.ts';
import { checkEngine, type EngineProbe } from './check-engine.ts';
import { checkFolder, checkNode, checkOpenFiles, processLimits } from './check-machine.ts';
import type { Finding } from './finding.ts';

export type Patient = {
  readonly runsRoot: string;
  readonly version: string;
  readonly host: string;
  readonly influx: InfluxPlan | undefined;
  readonly engine: EngineProbe;
  /** Whether runs are to be on containers. */
  readonly engineNeeded: boolean;
};

/** Looks at all that a run needs. Never rejects for what it finds. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const { runsRoot, version, host, influx, engine, engineNeeded } = patient;
  const [folder, limits, containers, database] = await Promise.all([
    checkFolder(runsRoot),
    processLimits(),
    checkEngine(engine, version, engineNeeded),
    checkDatabase(influx, host),
  ]);
  return [checkNode(process.version), folder, checkOpenFiles(limits), ...containers, ...database];
}
