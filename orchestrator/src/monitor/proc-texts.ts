/** Interfaces that carry again what another one carries, or that leave no host. */
const INNER = /^(lo|dummy|ifb|veth|docker|br-|virbr|cni|flannel|cali|tun|tap|wg)/;

/** Of `/proc/stat`: the time of all cores in ticks (proc_stat(5)). `busy` is all but idle and waiting for disks. */
export function cpuTicks(text: string): { readonly busy: number; readonly total: number } | undefined {
  const line = /^cpu\s+(.+)$/m.exec(text)?.[1];
  // The last two, of guests, are in the first two already.
  const ticks = (line ?? '').trim().split(/\s+/).slice(0, 8).map(Number);
  const [, , , idle, waiting = 0] = ticks;
  if (idle === undefined || !ticks.every(Number.isFinite)) return undefined;
  const total = ticks.reduce((sum, one) => sum + one, 0);
  return { busy: total - idle - waiting, total };
}

/** Of `/proc/net/dev`: received and sent bytes of each interface. */
export function interfaces(text: string): ReadonlyMap<string, { readonly in: number; readonly out: number }> {
  const found = new Map<string, { in: number; out: number }>();
  for (const line of text.split('\n')) {
    const [, name, counters = ''] = /^\s*([^\s:|]+):\s*(.+)$/.exec(line) ?? [];
    const columns = counters.trim().split(/\s+/).map(Number);
    const [received, sent] = [columns[0], columns[8]];
    if (name === undefined || !Number.isFinite(received) || !Number.isFinite(sent)) continue;
    found.set(name, { in: received ?? 0, out: sent ?? 0 });
  }
  return found;
}

/**
 * The bytes of one interface, or of all that lead out of the host; undefined where there is no such interface. What goes
 * through a bridge or a tunnel goes through the interface below it as well, and counts once.
 */
export function networkBytes(
  text: string,
  only?: string | undefined,
): { readonly in: number; readonly out: number } | undefined {
  const all = interfaces(text);
  if (only !== undefined) return all.get(only);
  const outer = [...all].filter(([name]) => !INNER.test(name)).map(([, bytes]) => bytes);
  if (outer.length === 0) return undefined;
  return outer.reduce((sum, one) => ({ in: sum.in + one.in, out: sum.out + one.out }));
}

/** Of `/proc/meminfo`, in bytes: `used` is what programs could not have without swapping. */
export function memoryBytes(text: string):
  | {
      readonly used: number;
      readonly total: number;
      readonly swapUsed: number | undefined;
    }
  | undefined {
  const bytes = (key: string): number | undefined => {
    const kilobytes = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  const [total, available] = [bytes('MemTotal'), bytes('MemAvailable')];
  if (total === undefined || available === undefined || available > total) return undefined;
  const [swap, free] = [bytes('SwapTotal'), bytes('SwapFree')];
  const swapUsed = swap === undefined || free === undefined || free > swap ? undefined : swap - free;
  return { used: total - available, total, swapUsed };
}

/** Of `/proc/loadavg`: over a minute. */
export function loadAverage(text: string): number | undefined {
  const load = /^(\d+\.\d+) /.exec(text)?.[1];
  return load === undefined ? undefined : Number(load);
}
