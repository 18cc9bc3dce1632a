import { basename, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { EXIT, type InspectRequest, LoadsError } from '@loads/core';
import { loadScenario } from './runtime/load-scenario.ts';
import { runNode } from './runtime/run-node.ts';
import { framesOutside } from './runtime/source-place.ts';

const USAGE = `usage: loads-node                 run the node whose sidecar listens at $LOADS_LINK (host:port)
       loads-node inspect FILE [EXTENSION...]
                                  load a scenario file and print what it declares, as JSON
       loads-node inspect         the same, asked for on the standard input, as JSON
`;

/** The command `loads-node`. Gives its exit code. */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const [command, file, ...extensions] = args;
  if (command === 'inspect') return file === undefined ? inspectAsked() : inspect(resolve(file), extensions);
  if (command !== undefined || env.LOADS_LINK === undefined) {
    process.stderr.write(USAGE);
    return EXIT.badConfiguration;
  }
  try {
    await runNode(env.LOADS_LINK);
    return EXIT.passed;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return error instanceof LoadsError ? error.exitCode : 1;
  }
}

/** Waits for the request: this process may have been started before it was known what for. Without one nothing is done. */
async function inspectAsked(): Promise<number> {
  const asked = await text(process.stdin);
  if (asked === '') return EXIT.passed;
  const { file, extensions, env } = JSON.parse(asked) as InspectRequest;
  for (const name of Object.keys(process.env)) if (env[name] === undefined) delete process.env[name];
  Object.assign(process.env, env);
  return await inspect(resolve(file), extensions);
}

/** Prints `{scenarios, setup, teardown, options}` or `{error}`; the exit code says which. */
async function inspect(file: string, extensions: readonly string[]): Promise<number> {
  try {
    const { scenarios, setup, teardown, options } = await loadScenario(file, extensions);
    const declared = scenarios.map(({ name, weight }) => ({ name, weight }));
    await print({
      scenarios: declared,
      setup: setup !== undefined,
      teardown: teardown !== undefined,
      options: plainOptions(file, options),
    });
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof LoadsError)) throw error;
    const { code, message, hint, cause } = error;
    // What Loads itself refuses says where and why: where in Loads is of no use.
    const stack = cause instanceof Error && !(cause instanceof LoadsError) ? framesOutside(cause.stack) : undefined;
    await print({ error: { code, message, hint, stack } });
    return error.exitCode;
  }
}

/** What a file exports as `options` are keys of the configuration: data. */
function plainOptions(file: string, options: unknown): unknown {
  if (options === undefined) return undefined;
  try {
    const plain: unknown = JSON.parse(JSON.stringify(options));
    if (typeof plain === 'object' && plain !== null && !Array.isArray(plain)) return plain;
  } catch {
    // What JSON cannot say is refused below.
  }
  throw new LoadsError('ERR_SCENARIO_LOAD', `${basename(file)}: its \`options\` are no object of plain data`, {
    hint: "write them as in loads.yml: export const options = { workers: 10, duration: '30s' }",
  });
}

/** Resolves when the line is out: the process exits right after. */
async function print(value: unknown): Promise<void> {
  await new Promise<void>((resolve) => process.stdout.write(`${JSON.stringify(value)}\n`, () => resolve()));
}
