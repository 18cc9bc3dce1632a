#!/usr/bin/env node
// Half of a start is compiling what has not changed since the last one. Older ones of Node 24 may not have it.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
const { main } = await import('../dist/sidecar.js');

process.exitCode = await main(process.argv.slice(2));
