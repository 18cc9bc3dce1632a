import { readFile } from 'node:fs/promises';
import { formatAddress, LoadsError } from '@loads/core';
import { StatsD } from 'hot-shots';
import type { Settings } from '../config/settings.ts';
import { openControl } from '../control/api/open-control.ts';
import { listenText } from '../control/api/replies.ts';
import { unresolvable } from '../control/endpoint-schema.ts';
import { FaultCounts } from '../control/fault-counts.ts';
import type { ManagedProxy } from '../control/managed-proxy.ts';
import type { ProxyDefinition } from '../control/read-proxy.ts';
import { replayRules } from '../control/replay.ts';
import { Vaurien } from '../control/vaurien.ts';
import { formatEndpoint } from '../proxy/endpoint.ts';
import type { Rule } from '../proxy/rule.ts';
import { Log } from './log.ts';
import { openWriter } from './open-writer.ts';

export type Surroundings = {
  readonly version: string;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Fires when it is to end in good order. */
  readonly stop: AbortSignal;
  /** Fires when it is to end at once. */
  readonly kill: AbortSignal;
};

/** Runs the proxies until it is told to stop. Throws ERR_CONFIG or ERR_PORT_IN_USE when one cannot start, with all reasons. */
export async function serve(settings: Settings, { version, stdout, stderr, stop, kill }: Surroundings): Promise<void> {
  const { context, process, ignored } = settings;
  await using stack = new AsyncDisposableStack();
  const writer = stack.use(await openWriter(process.log_output, stderr));
  const vaurien = stack.use(new Vaurien({ seed: process.seed, ...context }));
  const log = new Log(writer, process.log_level, () => vaurien.clock.now());
  for (const warning of [...ignored, ...settings.proxies.flatMap(insecurity)]) log.write('warning', warning);
  vaurien.faults.subscribe((fault) => log.write('info', 'fault', { fault }));
  if (process.faults_log !== undefined) {
    const faults = stack.use(await openWriter(process.faults_log, stderr));
    vaurien.faults.subscribe((fault) => faults.write(fault));
  }
  if (process.statsd.enabled) countFaults(vaurien, settings, log, stack);

  const replay = process.replay === undefined ? undefined : replayRules(await readText(process.replay), process.replay);
  const proxies = await openAll(vaurien, replay ? settings.proxies.map(replaying(replay)) : settings.proxies);
  const lines = proxies.map((proxy) => readyLine(proxy, vaurien.seed));
  if (process.http) {
    const { http_host: host, http_port: port, token } = process;
    const onError = (error: unknown): void => log.write('error', 'a bug in the control API', { error: String(error) });
    const control = stack.use(await openControl({ vaurien, version, host, port, token, onError }));
    lines.push(`vaurien: control API on http://${formatAddress(control.address)}`);
  }
  for (const line of lines) stdout.write(`${line}\n`);

  await fired(stop);
  log.write('info', 'draining', { timeoutMs: process.drain_timeout });
  await Promise.race([vaurien.drain(process.drain_timeout), fired(kill)]);
}

/** Has a proxy repeat what was recorded of it, and do nothing else by itself. */
function replaying(rules: ReadonlyMap<string, readonly Rule[]>): (proxy: ProxyDefinition) => ProxyDefinition {
  return (proxy) => ({ ...proxy, standing: undefined, schedule: [], replay: rules.get(proxy.name) ?? [] });
}

/** Opens all proxies, or none. */
async function openAll(vaurien: Vaurien, proxies: readonly ProxyDefinition[]): Promise<readonly ManagedProxy[]> {
  const unknown = await Promise.all(proxies.map(({ backend }) => unresolvable(backend)));
  const problems = proxies.flatMap(({ name }, i) =>
    unknown[i] === undefined ? [] : [`proxy '${name}': ${unknown[i]}`],
  );
  if (problems.length > 0) throw new LoadsError('ERR_CONFIG', problems.join('\n'));
  const opened = await Promise.allSettled(proxies.map((proxy) => vaurien.open(proxy)));
  const failed = opened.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  if (failed.length === 0) return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed.length === 1 || !failed.every((reason) => reason instanceof LoadsError)) throw failed[0];
  throw new LoadsError('ERR_CONFIG', failed.map(({ message }) => message).join('\n'));
}

/** What a proxy's owner should not forget. */
function insecurity({ name, backendTls }: ProxyDefinition): readonly string[] {
  if (backendTls?.rejectUnauthorized !== false) return [];
  return [`proxy '${name}' does not verify the certificate of its backend: whoever answers is taken for it`];
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new LoadsError('ERR_FILE_MISSING', `${file} cannot be read`, { cause });
  });
}

function countFaults(vaurien: Vaurien, { process }: Settings, log: Log, stack: AsyncDisposableStack): void {
  const { host, port, prefix, sample_rate: sampleRate } = process.statsd;
  let told = false;
  const client = new StatsD({
    ...{ host, port, sampleRate, cacheDns: true, maxBufferSize: 1432 },
    errorHandler: (error) => {
      // Every datagram would tell the same.
      if (!told) log.write('warning', 'statsd cannot be reached', { error: error.message });
      told = true;
    },
  });
  stack.defer(() => new Promise<void>((resolve) => client.close(() => resolve())));
  stack.use(new FaultCounts(vaurien, client, prefix));
}

function readyLine(proxy: ManagedProxy, seed: number): string {
  const { name, protocol, backend } = proxy;
  return `vaurien: ${protocol} proxy '${name}' on ${listenText(proxy)}, to ${formatEndpoint(backend)} (seed ${seed})`;
}

function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
