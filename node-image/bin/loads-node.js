#!/usr/bin/env node
import { nodeMain } from '@loads/node';

// A scenario may leave timers and sockets behind: what the node had to do is done.
process.exit(await nodeMain(process.argv.slice(2), process.env));
