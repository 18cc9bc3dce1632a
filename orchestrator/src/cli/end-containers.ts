import { LoadsError } from '@loads/core';
import { RunFolder } from '../store/run-folder.ts';
import { knownRun, type RunPlaces } from './known-run.ts';

/**
 * Removes what engines have of a run, so that nothing of it is left when its folder has gone. Throws ERR_USAGE when a node
 * works in a container and it is not to be forced. What cannot be read of a damaged run, and engines that do not answer,
 * are left to `loads gc`.
 */
export async function endContainers(path: string, force: boolean, places: RunPlaces): Promise<void> {
  const record = await RunFolder.open(places.root, path).then(
    (folder) => folder.record,
    () => undefined,
  );
  if (record?.launcher !== 'docker') return;
  const { run, shares, nodes: nodesOf } = await knownRun(path, places);
  if (shares.length === 0) return;
  const nodes = await nodesOf();
  const working = (await nodes.look()).some(({ sidecar, scenario }) => sidecar || scenario);
  if (working && !force) {
    const hint = `\`loads stop ${run}\` ends it, \`loads rm --force ${run}\` ends and removes it`;
    throw new LoadsError('ERR_USAGE', `run ${run} still works`, { hint });
  }
  if (working) await nodes.kill();
  const left = await nodes.remove();
  if (left !== undefined)
    throw new LoadsError('ERR_ENGINE', `something of ${run} stays: ${left}`, { hint: 'loads gc' });
}
