import { EXIT, type ExitCode } from './exit-codes.ts';

export type ErrorCode =
  | 'ERR_CONFIG'
  | 'ERR_USAGE'
  | 'ERR_FILE_MISSING'
  | 'ERR_PROJECT'
  | 'ERR_IMPORT'
  | 'ERR_TARGET_UNREACHABLE'
  | 'ERR_PORT_IN_USE'
  | 'ERR_THRESHOLD_SYNTAX'
  | 'ERR_RUN_UNKNOWN'
  | 'ERR_RUN_DAMAGED'
  | 'ERR_RUN_INVALID'
  | 'ERR_SCENARIO_LOAD'
  | 'ERR_SETUP'
  | 'ERR_NODE_START'
  | 'ERR_ENGINE'
  | 'ERR_IMAGE'
  | 'ERR_DATABASE'
  | 'ERR_DATABASE_DENIED'
  | 'ERR_STOPPED';

type ErrorRow = { readonly exitCode: ExitCode; readonly hint: string | undefined };

/** Every error that `loads` reports to its user: stable code, exit code, and the hint given when none is more exact. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = {
  ERR_CONFIG: { exitCode: EXIT.badConfiguration, hint: undefined },
  ERR_USAGE: { exitCode: EXIT.badConfiguration, hint: 'see `loads --help`' },
  ERR_FILE_MISSING: { exitCode: EXIT.badConfiguration, hint: 'check the path; it is relative to where you are' },
  ERR_PROJECT: { exitCode: EXIT.badConfiguration, hint: undefined },
  ERR_IMPORT: { exitCode: EXIT.badConfiguration, hint: undefined },
  ERR_TARGET_UNREACHABLE: { exitCode: EXIT.badConfiguration, hint: 'start the service, or correct `target`' },
  ERR_PORT_IN_USE: { exitCode: EXIT.badConfiguration, hint: 'free the port, or leave it out to get a free one' },
  ERR_THRESHOLD_SYNTAX: { exitCode: EXIT.badConfiguration, hint: 'write it like `p(95)<300` or `rate<0.01`' },
  ERR_RUN_UNKNOWN: { exitCode: EXIT.badConfiguration, hint: 'runs are folders below .loads/runs' },
  ERR_RUN_DAMAGED: { exitCode: EXIT.invalid, hint: undefined },
  ERR_RUN_INVALID: { exitCode: EXIT.invalid, hint: '`--force` compares it all the same' },
  ERR_SCENARIO_LOAD: { exitCode: EXIT.scenarioNotLoaded, hint: undefined },
  ERR_SETUP: { exitCode: EXIT.scenarioNotLoaded, hint: undefined },
  ERR_NODE_START: { exitCode: EXIT.engineUnavailable, hint: undefined },
  ERR_ENGINE: { exitCode: EXIT.engineUnavailable, hint: 'start Docker, or set DOCKER_HOST to where it runs' },
  ERR_IMAGE: { exitCode: EXIT.engineUnavailable, hint: 'make the images of Loads with `loads images build`' },
  ERR_DATABASE: { exitCode: EXIT.engineUnavailable, hint: 'start the database, or correct `influx.url`' },
  ERR_DATABASE_DENIED: { exitCode: EXIT.badConfiguration, hint: 'correct `influx` in the configuration' },
  ERR_STOPPED: { exitCode: EXIT.stopped, hint: undefined },
};
