import type { Replacements } from './replaced.ts';

/** A package as it is published: some files, each with all of the package's own source that it needs. */
export type Package = {
  readonly folder: string;
  /** The scripts in its `dist`, and the sources that they begin with. */
  readonly entries: Readonly<Record<string, string>>;
  /** What stands for modules that know where they lie. */
  readonly stands?: Replacements | undefined;
  /** Dependencies that are put in: every start needs them, and finds them in a hundred files. */
  readonly inlined?: readonly string[] | undefined;
  /** What those get for modules that they ask for, as CommonJS: nothing, where nothing of it is used. */
  readonly given?: Readonly<Record<string, string>> | undefined;
};

const NOTHING = 'module.exports = {};';
/** Node warns users of `url.parse`, though not of a package's below node_modules; what it stands on is the same without. */
export const QUIET_URL = `const url = require('node:url');
const parse = (...given) => { const parsed = new url.Url(); parsed.parse(...given); return parsed; };
const resolve = (from, to) => parse(from, false, true).resolveObject(parse(to, false, true)).format();
module.exports = { ...url, parse, resolve };`;

/** What CommonJS among the dependencies calls for Node's own modules. */
export const REQUIRE =
  "import { createRequire as createRequireOfBundle } from 'node:module';\nconst require = createRequireOfBundle(import.meta.url);";

/** The packages, those first that others import. */
export const PACKAGES: readonly Package[] = [
  { folder: 'core', entries: { index: 'src/index.ts' }, inlined: ['zod'] },
  {
    folder: 'node-image',
    entries: { index: 'src/index.ts' },
    inlined: ['csv-parse', 'hot-shots'],
    stands: { 'runtime/own-entry.ts': () => "export const OWN_ENTRY = new URL('./index.js', import.meta.url).href;" },
  },
  {
    folder: 'proxy-image',
    entries: {
      index: 'src/index.ts',
      control: 'src/control/api/open-control.ts',
      vaurien: 'src/cli/main.ts',
      vaurienctl: 'src/cli/control-main.ts',
      sidecar: 'src/sidecar/main.ts',
    },
    stands: { 'cli/version.ts': (version) => constant('packageVersion', version) },
    inlined: ['zod', 'yaml', 'commander', 'hot-shots'],
  },
  { folder: 'grafana', entries: { index: 'src/index.ts' } },
  {
    folder: 'orchestrator',
    entries: { index: 'src/index.ts', inspector: 'src/preflight/inspector.ts' },
    stands: { 'metadata/version.ts': (version) => constant('loadsVersion', version) },
    inlined: ['zod', 'yaml', 'commander', 'tar-stream', 'dockerode'],
    // Those of dockerode for BuildKit's sessions, and for SSH, which is the user's own `ssh` here.
    given: {
      '@grpc/grpc-js': NOTHING,
      '@grpc/proto-loader': NOTHING,
      protobufjs: NOTHING,
      ssh2: NOTHING,
      url: QUIET_URL,
    },
  },
];

/** A module whose function gives the version of its package, which the source reads from package.json. */
export function constant(name: string, version: string): string {
  return `export function ${name}() { return ${JSON.stringify(version)}; }`;
}
