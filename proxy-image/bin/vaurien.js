#!/usr/bin/env node
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  console.error(`error: vaurien needs Node 24 or newer, and this is ${process.version}`);
  console.error('  run it as `npx vaurien`, which uses the Node that npm installed with it');
  process.exit(104);
}
const { main } = await import('../dist/vaurien.js');
process.exitCode = await main(process.argv.slice(2), process.env);
