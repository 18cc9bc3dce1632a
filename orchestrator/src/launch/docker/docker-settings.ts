/** How nodes run in containers: the flags, or what `docker:` in the configuration says. */
export type DockerSettings = {
  /** The engines, in the order in which nodes are spread over them; none: DOCKER_HOST, or this machine's. */
  readonly hosts: readonly string[];
  /** An existing network; without it the run gets one of its own. */
  readonly network?: string | undefined;
  /** An image that runs the command instead of the node image. */
  readonly image?: string | undefined;
  /** Bytes for each of a node's two containers; undefined: no limit. */
  readonly memory?: number | undefined;
  /** CPUs for each of a node's two containers; undefined: no limit. */
  readonly cpus?: number | undefined;
  /** Processes and threads in each of a node's two containers. */
  readonly pids: number;
};

export const DEFAULT_PIDS = 1024;

const UNITS: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Bytes of `512m` or `2g`, as the `docker` command takes them; undefined for what is none. */
export function parseMemory(text: string): number | undefined {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([bkmg]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const bytes = number === '' ? Number.NaN : Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
  return Number.isFinite(bytes) ? Math.round(bytes) : undefined;
}
