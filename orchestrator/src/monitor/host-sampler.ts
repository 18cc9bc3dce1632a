import { readFile } from 'node:fs/promises';
import { type HostSample, LoadsError } from '@loads/core';
import type { HostPlugin } from './host-plugin.ts';
import { PluginReader } from './plugin-reader.ts';
import { cpuTicks, interfaces, loadAverage, memoryBytes, networkBytes } from './proc-texts.ts';

/** Less than the second that whoever asks waits: a slow plug-in must not cost the rest. */
const PLUGIN_LIMIT_MS = 500;

export type HostSamplerOptions = {
  readonly plugins: readonly HostPlugin[];
  /** The one interface whose bytes count. */
  readonly interface?: string | undefined;
};

/** Reads what a host tells of itself: from `/proc`, as far as the system has it, and from plug-ins. */
export class HostSampler {
  readonly #interface: string | undefined;
  readonly #readers: readonly PluginReader[];
  #reading: Promise<HostSample> | undefined;

  private constructor({ plugins, interface: only }: HostSamplerOptions) {
    this.#interface = only;
    this.#readers = plugins.map((plugin) => new PluginReader(plugin, PLUGIN_LIMIT_MS));
  }

  /** Throws ERR_CONFIG when there is no such interface, or two plug-ins have one name. */
  static async open(options: HostSamplerOptions): Promise<HostSampler> {
    const { plugins, interface: only } = options;
    const names = plugins.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new LoadsError('ERR_CONFIG', `two plug-ins are called '${twice}'`);
    const known = only === undefined ? undefined : interfaces((await proc('net/dev')) ?? '');
    if (known && only !== undefined && !known.has(only)) {
      const hint = known.size === 0 ? undefined : `there are ${[...known.keys()].join(', ')}`;
      throw new LoadsError('ERR_CONFIG', `there is no network interface '${only}'`, { hint });
    }
    return new HostSampler(options);
  }

  /** Whoever asks while it is read gets the same sample. */
  async sample(): Promise<HostSample> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return await this.#reading;
  }

  async #read(): Promise<HostSample> {
    const plugged = await Promise.all(
      this.#readers.map(async (reader) => ({ name: reader.name, ...(await reader.read()) })),
    );
    const texts = await Promise.all(['stat', 'net/dev', 'meminfo', 'loadavg'].map(proc));
    // Read with the counters, so that rates are over the time between them.
    const uptime = Number(process.hrtime.bigint()) / 1e9;
    const [stat = '', network = '', meminfo = '', load = ''] = texts;
    const memory = memoryBytes(meminfo);
    return {
      version: 1,
      uptime,
      cpu: cpuTicks(stat),
      network: networkBytes(network, this.#interface),
      memory: memory && { used: memory.used, total: memory.total },
      swapUsed: memory?.swapUsed,
      load: loadAverage(load),
      plugins: Object.fromEntries(plugged.map(({ name, values }) => [name, values])),
      refused: plugged.reduce((sum, { refused }) => sum + refused, 0),
    };
  }
}

/** A file of `/proc`; undefined where the system has none. */
async function proc(name: string): Promise<string | undefined> {
  return await readFile(`/proc/${name}`, 'utf8').catch(() => undefined);
}
