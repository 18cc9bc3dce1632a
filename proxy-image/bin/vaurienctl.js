#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(`error: vaurienctl needs Node 24 or newer, and this is ${process.version}`);
  console.error('  run it as `npx vaurienctl`, which uses the Node that npm installed with it');
  process.exit(104);
}
const { controlMain } = await import('../dist/vaurienctl.js');
process.exitCode = await controlMain(process.argv.slice(2), process.env);
