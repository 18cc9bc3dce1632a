import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../support/until.ts';

const BIN = join(import.meta.dirname, '../../proxy-image/bin');

export type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

/** `vaurien` or `vaurienctl` while it runs. */
export type RunningCommand = AsyncDisposable & {
  readonly ended: Promise<Ended>;
  /** Waits until its stdout matches. Throws when it ends, or 30 s pass, without. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
};

export type Place = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> };

/** Starts a command of the proxy's package. */
export function start(
  name: 'vaurien' | 'vaurienctl',
  args: readonly string[],
  { cwd, env }: Place = {},
): RunningCommand {
  const inherited = Object.entries(process.env).filter(([key]) => !/^(VAURIEN_|NODE_OPTIONS$)/.test(key));
  const child = spawn(process.execPath, [join(BIN, `${name}.js`), ...args], {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, over] = ['', '', false];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]): Ended => {
    over = true;
    return { exitCode: code ?? null, stdout, stderr };
  });
  return {
    ended,
    async shows(pattern) {
      await until(() => over || pattern.test(stdout), `${name} does not show ${pattern}`);
      const match = pattern.exec(stdout);
      if (match) return match;
      throw new Error(`${name} ended without ${pattern}:\n${stdout}${stderr}`);
    },
    kill: (signal) => void child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a command to its end. */
export async function run(name: 'vaurien' | 'vaurienctl', args: readonly string[], place?: Place): Promise<Ended> {
  await using command = start(name, args, place);
  return await command.ended;
}

/** A vaurien with its control API. */
export type RunningVaurien = AsyncDisposable & {
  readonly command: RunningCommand;
  /** `http://host:port` of the control API. */
  readonly control: string;
  /** `host:port` of a proxy. */
  proxy(name?: string): Promise<string>;
};

/** Starts `vaurien` on free ports, with its control API; it is ready when this returns. */
export async function startVaurien(args: readonly string[], place?: Place): Promise<RunningVaurien> {
  const command = start('vaurien', ['--http', '--http-port', '0', ...args], place);
  try {
    const [, control = ''] = await command.shows(/control API on (\S+)/);
    return {
      command,
      control,
      async proxy(name = 'default') {
        const [, address = ''] = await command.shows(new RegExp(`proxy '${name}' on (\\S+),`));
        return address;
      },
      [Symbol.asyncDispose]: () => command[Symbol.asyncDispose](),
    };
  } catch (error) {
    await command[Symbol.asyncDispose]();
    throw error;
  }
}
