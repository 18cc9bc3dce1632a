import { type AppOptions, controlApp } from './app.ts';
import { GuardedPort } from './guarded-port.ts';

export type ControlOptions = AppOptions & {
  /** Default: the loopback. Any other host demands a token. */
  readonly host?: string | undefined;
  /** Default: a free one. */
  readonly port?: number | undefined;
};

/** Opens the control API on a port of its own. Throws as `GuardedPort.open` does. */
export function openControl({ host = 'localhost', port = 0, ...options }: ControlOptions): Promise<GuardedPort> {
  return GuardedPort.open({
    name: 'the control API',
    address: { host, port },
    token: options.token,
    tokenHint: 'give one with --token or $VAURIEN_TOKEN, or listen on localhost',
    answer: controlApp(options),
  });
}
