import { type DockerConfig, dockerSchema, type Problem, type RunPlan } from '@loads/core';
import { DEFAULT_PIDS, type DockerSettings, parseMemory } from '../launch/docker/docker-settings.ts';
import type { ConfigSource } from './read-config.ts';

/** The least that a Node process starts with. */
const LEAST_MEMORY = 32 * 1024 * 1024;

/**
 * A configuration for nodes in containers: what `docker:` says of target, database and backends stands over what holds
 * on this machine, and problems of it are told at its own place.
 */
export function withDockerValues(source: ConfigSource): ConfigSource {
  const docker = mapOf(source.content.docker);
  const { target } = docker;
  const url = mapOf(docker.influx).url;
  const backends = Object.entries(mapOf(docker.proxies));
  const content: Record<string, unknown> = { ...source.content };
  if (target !== undefined) content.target = target;
  if (url !== undefined) content.influx = { ...mapOf(content.influx), url };
  if (backends.length > 0) content.proxies = withBackends(mapOf(content.proxies), backends);
  return { ...source, content, placeOf: (path) => source.placeOf(placeIn(docker, path)) };
}

/** Keeps where this machine finds the database, when the containers know it by another name. */
export function withInfluxHere(plan: RunPlan, content: Readonly<Record<string, unknown>>): RunPlan {
  const url = mapOf(mapOf(content.docker).influx).hereUrl ?? mapOf(content.influx).url;
  const { influx } = plan;
  if (!influx || typeof url !== 'string' || url === influx.url || !URL.canParse(url)) return plan;
  return { ...plan, influx: { ...influx, hereUrl: url } };
}

/** What the launcher has to know, or what is wrong with it. */
export function dockerSettings(
  given: unknown,
): { readonly settings: DockerSettings } | { readonly problems: readonly Problem[] } {
  const parsed = dockerSchema.safeParse(given ?? {});
  // What the schema refuses is told with the rest of the configuration.
  if (!parsed.success) return { problems: [] };
  const { hosts, network, image, cpus, pids = DEFAULT_PIDS }: DockerConfig = parsed.data;
  const memory = parsed.data.memory === undefined ? undefined : parseMemory(parsed.data.memory);
  if (parsed.data.memory !== undefined && (memory === undefined || memory < LEAST_MEMORY)) {
    return {
      problems: [{ path: ['docker', 'memory'], message: 'expected a size of 32m or more, such as 512m or 2g' }],
    };
  }
  return { settings: { hosts, network, image, memory, cpus, pids } };
}

/** What a plan for containers names by a loopback address, which there is the node itself. */
export function loopbackProblems(
  { target, influx, proxies, remotes = [], monitors = [] }: RunPlan,
  network: string | undefined,
): readonly Problem[] {
  if (network === 'host') return [];
  const named: readonly (readonly [Problem['path'], string | undefined])[] = [
    [['target'], target && new URL(target).hostname],
    [['influx', 'url'], influx && new URL(influx.url).hostname],
    ...proxies.map(({ name, backend }) => [['proxies', name, 'backend'], backend.host] as const),
    ...remotes.map(({ name, control }) => [['proxies', name, 'control'], new URL(control).hostname] as const),
    ...monitors.map(({ name, url }) => [['monitors', name, 'url'], new URL(url).hostname] as const),
  ];
  const found = named.filter(([, host]) => host !== undefined && isNodeItself(host));
  // A proxy without a backend has the target's.
  const own = found.some(([path]) => path[0] === 'target') ? new URL(target ?? '').hostname : undefined;
  return found
    .filter(([path, host]) => path[2] !== 'backend' || host !== own)
    .map(([path, host]) => ({
      path,
      message: `${host} is the container of the node itself; name the service as the containers' network does, or this machine host.docker.internal, here or below \`docker:\``,
    }));
}

/** Whether a name in a container leads to the container. */
function isNodeItself(host: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/i.test(host);
}

function withBackends(
  proxies: Readonly<Record<string, unknown>>,
  backends: readonly (readonly [string, unknown])[],
): Readonly<Record<string, unknown>> {
  const moved = backends.map(([name, given]) => [name, { ...mapOf(proxies[name]), ...mapOf(given) }] as const);
  return { ...proxies, ...Object.fromEntries(moved) };
}

/** Where a value stands in the file: below `docker` when it is from there. */
function placeIn(
  docker: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
): readonly (string | number)[] {
  let at: unknown = docker;
  for (const key of path) at = mapOf(at)[key];
  return at === undefined || path.length === 0 ? path : ['docker', ...path];
}

/** What is no map has no keys; the schema refuses it. */
function mapOf(value: unknown): Readonly<Record<string | number, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
