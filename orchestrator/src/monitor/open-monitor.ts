import type { Address, HostSample } from '@loads/core';
import { GuardedPort } from '@loads/vaurien';
import { answerSample } from './answer-sample.ts';
import { loadHostPlugins } from './host-plugin.ts';
import { HostSampler } from './host-sampler.ts';

export type MonitorOptions = {
  readonly address: Address;
  readonly token?: string | undefined;
  readonly interface?: string | undefined;
  /** Modules with plug-ins: paths relative to the current folder, or packages. */
  readonly sources: readonly string[];
};

/** Begins to tell of this host. Throws what is wrong with the plug-ins, the interface or the address. */
export async function openMonitor({ address, token, sources, ...options }: MonitorOptions): Promise<GuardedPort> {
  const plugins = await Promise.all(sources.map((source) => loadHostPlugins(source, process.cwd())));
  const sampler = await HostSampler.open({ ...options, plugins: plugins.flat() });
  return await tellOf({ address, token, sample: () => sampler.sample() });
}

export type TellOptions = {
  readonly address: Address;
  /** Demanded of everybody; any address but the loopback needs one. */
  readonly token?: string | undefined;
  readonly sample: () => Promise<HostSample>;
};

/** Answers `GET /sample` on a port. Throws as `GuardedPort.open` does. */
export function tellOf({ address, token, sample }: TellOptions): Promise<GuardedPort> {
  return GuardedPort.open({
    name: 'the monitor',
    address,
    token,
    tokenHint: 'give one with LOADS_MONITOR_TOKEN or --token, or listen on 127.0.0.1',
    answer: (request, response) => {
      answerSample(request, response, token, sample).catch(() => response.destroy());
    },
  });
}
