import type { Command } from 'commander';
import { numberOrText, type Override, type Overrides } from '../config/overrides.ts';

/** The flags that say how nodes run in containers. */
export type DockerFlags = {
  image?: string;
  network?: string;
  nodeMemory?: string;
  nodeCpus?: string;
  nodePids?: string;
  dockerHost?: string[];
};

/** The options that may be given more than once. */
export const DOCKER_REPEATABLE: readonly string[] = ['docker-host'];

export function addDockerOptions(command: Command): Command {
  return addDockerHost(
    command
      .option('--image <image>', 'the image that runs what follows `--` on each node, whatever it is')
      .option('--network <name>', 'an existing network that the nodes join (default: one of their own)')
      .option('--node-memory <size>', 'the most memory of each container of a node: 512m, 2g')
      .option('--node-cpus <n>', 'the most CPUs of each container of a node: 0.5')
      .option('--node-pids <n>', 'the most processes of each container of a node (default: 1024)'),
  );
}

export function addDockerHost(command: Command): Command {
  return command.option(
    '--docker-host <url>',
    'a container engine (default: DOCKER_HOST); repeatable, the nodes are spread over them',
    collect,
  );
}

/** What the flags set. */
export function dockerOverrides(flags: DockerFlags): Overrides {
  const given: readonly (readonly [string, string, unknown])[] = [
    ['image', '--image', flags.image],
    ['network', '--network', flags.network],
    ['memory', '--node-memory', flags.nodeMemory],
    ['cpus', '--node-cpus', flags.nodeCpus === undefined ? undefined : numberOrText(flags.nodeCpus)],
    ['pids', '--node-pids', flags.nodePids === undefined ? undefined : numberOrText(flags.nodePids)],
    ['hosts', '--docker-host', flags.dockerHost],
  ];
  return given.flatMap(([key, origin, value]): readonly Override[] =>
    value === undefined ? [] : [{ path: ['docker', key], value, origin }],
  );
}

function collect(text: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), text];
}
