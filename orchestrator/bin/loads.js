#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(`error: loads needs Node 24 or newer, and this is ${process.version}`);
  console.error('  run it as `npx loads`, which uses the Node that npm installed with it');
  process.exit(104);
}
// Half of a start is compiling what has not changed since the last one. Older ones of Node 24 may not have it.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
const args = process.argv.slice(2);
// The process that loads the scenario once comes up while this one does.
const { startInspector } = await import('../dist/inspector.js');
const inspector = args[0] === 'run' && !args.includes('--') ? startInspector(process.env) : undefined;
const { loadsMain } = await import('../dist/index.js');
process.exitCode = await loadsMain(args, process.env, inspector);
inspector?.kill();
