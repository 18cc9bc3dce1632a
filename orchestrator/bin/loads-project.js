#!/usr/bin/env node
const { projectMain } = await import('../dist/index.js');
process.exitCode = await projectMain(process.argv.slice(2), process.env);
