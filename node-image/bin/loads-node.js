#!/usr/bin/env node
// Half of a start is compiling what has not changed since the last one. Older ones of Node 24 may not have it.
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
const { nodeMain } = await import('@loads/node');

// A scenario may leave timers and sockets behind: what the node had to do is done.
process.exit(await nodeMain(process.argv.slice(2), process.env));
