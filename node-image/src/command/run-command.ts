import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { LONGEST_RUN_MS, proxyVariable } from '@loads/core';
import type { NodeBrief } from '../runtime/link-client.ts';
import type { LoadContext } from '../runtime/load.ts';

/** How long a program gets between SIGTERM and SIGKILL, ms. */
const TERM_MS = 5000;

/**
 * Runs a foreign program once as this node's load, until it ends, the plan's time is over, or a stop. It counts as one
 * iteration, that failed when the program's exit code was not 0 by its own doing.
 */
export async function runCommand(
  command: readonly string[],
  { brief, link, stage, recorder }: LoadContext,
): Promise<{ readonly interrupted: number; readonly commandExit: number }> {
  const [file = '', ...args] = command;
  const scenario = basename(file);
  const fromMs = performance.now();
  const child = spawn(file, args, { env: environmentOf(brief), stdio: ['ignore', 'inherit', 'inherit'] });
  // Not `once(child, 'exit')`: that would throw the error of a program that cannot be started.
  const { promise: outcome, resolve } = Promise.withResolvers<number | null | Error>();
  child.once('exit', resolve).once('error', resolve);
  let ended = false;
  let told = false;
  const end = (signal: NodeJS.Signals): void => {
    if (ended) return;
    told = true;
    endGroup(signal);
    setTimeout(() => child.kill('SIGKILL'), TERM_MS).unref();
  };
  const timer = setTimeout(() => end('SIGTERM'), (brief.plan.durationMs ?? LONGEST_RUN_MS) - stage.elapsed());
  link.stopped.addEventListener('abort', () => end('SIGTERM'), { once: true });
  if (link.stopped.aborted) end('SIGTERM');
  link.cut.addEventListener('abort', () => child.kill('SIGKILL'), { once: true });
  // Without its sidecar nothing is measured any more: the program ends, with all that it started and this process.
  void link.lost.then(() => process.kill(0, 'SIGKILL'));

  const code = await outcome;
  ended = true;
  clearTimeout(timer);
  if (code instanceof Error) recorder.errors.add(scenario, 'assertion', code);
  const commandExit = typeof code === 'number' ? code : told ? 0 : 1;
  const failed = commandExit !== 0 && !told;
  recorder.iteration(scenario, fromMs, performance.now(), failed, failed ? 'exit' : undefined);
  return { interrupted: 0, commandExit };
}

/** Ends the program and what it started: they are this process's group, and this process does not heed the signal. */
function endGroup(signal: NodeJS.Signals): void {
  const ignore = (): void => undefined;
  process.on(signal, ignore);
  process.kill(0, signal);
}

/** What a program has to know: where statsd goes, where the proxies are, and which part of the run it is. */
function environmentOf({ run, node, plan, statsd, proxies }: NodeBrief): NodeJS.ProcessEnv {
  const [host, port] = splitAddress(statsd);
  const environment: Record<string, string> = {
    ...plan.env,
    STATSD_HOST: host,
    STATSD_PORT: port,
    LOADS_RUN: run,
    LOADS_NODE: String(node),
    LOADS_NODES: String(plan.nodes),
  };
  if (plan.durationMs !== null) environment.LOADS_DURATION = String(plan.durationMs / 1000);
  for (const [name, address] of Object.entries(proxies)) environment[proxyVariable(name)] = address;
  if (plan.target !== undefined) environment.LOADS_TARGET = throughProxy(plan.target, plan.proxies, proxies);
  return { ...process.env, ...environment };
}

/** The target's URL, with the address of the proxy that stands before it. */
function throughProxy(target: string, plans: NodeBrief['plan']['proxies'], proxies: NodeBrief['proxies']): string {
  const url = new URL(target);
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const proxy = plans.find(
    ({ backend }) => backend.port === port && backend.host === url.hostname.replace(/^\[|\]$/g, ''),
  );
  if (proxy) url.host = proxies[proxy.name] ?? url.host;
  return url.href;
}

function splitAddress(address: string): [host: string, port: string] {
  const colon = address.lastIndexOf(':');
  return [address.slice(0, colon), address.slice(colon + 1)];
}
