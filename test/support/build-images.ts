import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';

const BIN = join(import.meta.dirname, '../../orchestrator/bin/loads.js');

/**
 * Before the tests with containers: builds the images from the code as it stands, so that no test runs an older one. What fails
 * here fails in test/images with its reason, and the tests that need no container are run all the same.
 */
export async function setup(): Promise<void> {
  try {
    await new Docker().ping();
    await promisify(execFile)(process.execPath, [BIN, 'images', 'build']);
  } catch {
    // No engine, or no images: the suites that need them say so.
  }
}
