import { LoadsError } from '@loads/core';
import { FolderNodes } from './folder-nodes.ts';
import type { Launcher } from './launcher.ts';

/** What the record of a run says that another program has run. */
export const IMPORTED = 'imported';

/** The nodes of a run that was imported: what they measured, and no process. */
export const importedLauncher: Launcher = {
  name: IMPORTED,
  async prepare() {
    return {};
  },
  async launch() {
    throw new LoadsError('ERR_USAGE', 'a run that was imported cannot be launched');
  },
  async attach(folder) {
    return new FolderNodes(folder);
  },
};
