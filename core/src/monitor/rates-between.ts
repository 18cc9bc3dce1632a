import type { HostSample } from './host-sample.ts';

/** What a host did between two samples; what is not known is left out. */
export type HostRates = {
  /** Share of the time of all cores, 0-1. */
  readonly cpu?: number;
  /** Bytes per second. */
  readonly netIn?: number;
  readonly netOut?: number;
};

/**
 * What a host did from sample `a` to the later `b`. Only the host's own clock counts, which nobody sets: midnight, a summer
 * time or a step of the time of day are nothing to it. A counter that went back has begun anew, as after a restart of the host,
 * and gives no value.
 */
export function ratesBetween(a: HostSample, b: HostSample): HostRates {
  const seconds = b.uptime - a.uptime;
  if (!(seconds > 0)) return {};
  const busy = increase(a.cpu?.busy, b.cpu?.busy);
  const total = increase(a.cpu?.total, b.cpu?.total);
  const [netIn, netOut] = [increase(a.network?.in, b.network?.in), increase(a.network?.out, b.network?.out)];
  return {
    ...(busy !== undefined && total !== undefined && total > 0 && busy <= total && { cpu: busy / total }),
    ...(netIn !== undefined && { netIn: netIn / seconds }),
    ...(netOut !== undefined && { netOut: netOut / seconds }),
  };
}

function increase(before: number | undefined, after: number | undefined): number | undefined {
  return before === undefined || after === undefined || after < before ? undefined : after - before;
}
