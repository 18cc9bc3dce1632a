#!/usr/bin/env node
import { sidecarMain } from '@loads/vaurien';

process.exitCode = await sidecarMain(process.argv.slice(2));
