import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LoadsError, type PluginPlan, type RunPlan } from '@loads/core';
import * as vaurien from '@loads/vaurien';

/**
 * The plan with each plug-in as one text, with all that it imports but `@loads/vaurien`, which the sidecar lends: nodes
 * may run where the files of this machine are not. Throws ERR_CONFIG for one that cannot be made so.
 */
export async function withPortablePlugins(plan: RunPlan): Promise<RunPlan> {
  if (plan.plugins === undefined) return plan;
  return { ...plan, plugins: await Promise.all(plan.plugins.map(portable)) };
}

async function portable({ source, file }: PluginPlan): Promise<PluginPlan> {
  try {
    // Only here: a run need not have plug-ins.
    const { build } = await import('esbuild');
    const { outputFiles } = await build({
      entryPoints: [file],
      absWorkingDir: dirname(file),
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      // Names stay: they are in the stack of an error.
      minifyWhitespace: true,
      minifySyntax: true,
      logLevel: 'silent',
      // What is CommonJS among its dependencies asks for Node's own modules with `require`.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
      plugins: [
        {
          name: 'lent',
          setup({ onResolve, onLoad }) {
            // Node takes file URLs where esbuild wants paths.
            onResolve({ filter: /^file:/ }, ({ path }) => ({ path: fileURLToPath(path) }));
            onResolve({ filter: /^@loads\/vaurien$/ }, () => ({ path: 'vaurien', namespace: 'lent' }));
            onLoad({ filter: /.*/, namespace: 'lent' }, () => ({ contents: LENT }));
          },
        },
      ],
    });
    return { source, file, code: outputFiles[0]?.text ?? '' };
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[1] ?? cause.message) : String(cause);
    throw new LoadsError('ERR_CONFIG', `plugins: ${source} cannot be brought to the nodes: ${why}`, { cause });
  }
}

const NAMES = Object.keys(vaurien).join(', ');
const LENT = `export const { ${NAMES} } = globalThis[Symbol.for(${JSON.stringify(vaurien.HOST_KEY)})];`;
