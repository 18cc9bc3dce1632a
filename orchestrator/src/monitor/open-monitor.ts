import type { Address } from '@loads/core';
import { loadHostPlugins } from './host-plugin.ts';
import { HostSampler } from './host-sampler.ts';
import { MonitorServer } from './monitor-server.ts';

export type MonitorOptions = {
  readonly address: Address;
  readonly token?: string | undefined;
  readonly interface?: string | undefined;
  /** Modules with plug-ins: paths relative to the current folder, or packages. */
  readonly sources: readonly string[];
};

/** Begins to tell of this host. Throws what is wrong with the plug-ins, the interface or the address. */
export async function openMonitor({ address, token, sources, ...options }: MonitorOptions): Promise<MonitorServer> {
  const plugins = await Promise.all(sources.map((source) => loadHostPlugins(source, process.cwd())));
  const sampler = await HostSampler.open({ ...options, plugins: plugins.flat() });
  return await MonitorServer.open({ address, token, sample: () => sampler.sample() });
}
