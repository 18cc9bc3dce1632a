import { stripTypeScriptTypes } from 'node:module';
import vm from 'node:vm';

/** What a request of a scenario was, as its client got it. */
export type MadeRequest = {
  readonly method: string;
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
};

export type RanSource = {
  readonly name: string;
  readonly steps: readonly string[];
  readonly requests: readonly MadeRequest[];
  readonly checks: readonly string[];
};

/** Runs the source of a scenario with stand-ins for what it imports, and gives what it did. */
export async function runSource(source: string, env: Readonly<Record<string, string>> = {}): Promise<RanSource> {
  const steps: string[] = [];
  const requests: MadeRequest[] = [];
  const checks: string[] = [];
  const send = (method: string) => async (url: string, options: Readonly<Record<string, unknown>>) => {
    requests.push({ method, url, options });
    return { status: 200, ok: true };
  };
  const http = {
    ...Object.fromEntries(
      ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((name) => [name.toLowerCase(), send(name)]),
    ),
    request: (method: string, url: string, options: Readonly<Record<string, unknown>>) => send(method)(url, options),
  };
  const context = {
    http,
    check: (_: boolean, name: string) => void checks.push(name),
    step(name: string, run: () => Promise<void>): Promise<void> {
      steps.push(name);
      return run();
    },
    sleep: () => Promise.resolve(),
  };
  const ran: { name: string; run: (given: unknown) => Promise<void> }[] = [];
  const scenario = (name: string, run: (given: unknown) => Promise<void>): void => void ran.push({ name, run });
  const code = stripTypeScriptTypes(source)
    .replace(/^import .*$/m, '')
    .replace(/^export const/m, 'const');
  vm.runInNewContext(code, { scenario, process: { env }, URLSearchParams, Buffer, encodeURIComponent });
  const [only, ...more] = ran;
  if (only === undefined || more.length > 0) throw new Error(`expected one scenario, got ${ran.length}`);
  await only.run(context);
  return { name: only.name, steps, requests, checks };
}
