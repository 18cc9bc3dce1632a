// The one file of the image. Its programs are links to it, and the name that it was called by says which one is meant.
import { basename } from 'node:path';
import * as core from '@loads/core';
import * as zod from 'zod';
import { controlMain } from '../cli/control-main.ts';
import { main } from '../cli/main.ts';
import * as vaurien from '../index.ts';
import { main as sidecarMain } from '../sidecar/main.ts';
import { checkHealth } from './check-health.ts';
import { provideModules } from './provided-modules.ts';

const PROGRAMS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  vaurien: (args) => main(args, process.env),
  vaurienctl: (args) => controlMain(args, process.env),
  'loads-sidecar': sidecarMain,
  'loads-health': () => checkHealth('/proc', process.stderr),
};

// What plug-ins import has to be what runs here: they register themselves in it.
provideModules({ '@loads/core': core, '@loads/vaurien': vaurien, zod });

const [, called = '', ...args] = process.argv;
const program = PROGRAMS[basename(called, '.mjs')];
if (program) {
  // Not awaited: this file has to be evaluated before plug-ins are loaded.
  void program(args).then((code) => {
    process.exitCode = code;
  });
} else {
  process.stderr.write(
    `there is no program '${basename(called)}' here; there are ${Object.keys(PROGRAMS).join(', ')}\n`,
  );
  process.exitCode = core.EXIT.badConfiguration;
}
