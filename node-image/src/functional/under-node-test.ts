import { dirname } from 'node:path';
import { feedSetting } from '../api/feed.ts';
import type { Registry } from '../api/registry.ts';
import { FunctionalRun } from './functional-run.ts';

/** Whether `node --test` runs this process's file. */
export function isNodeTest({ env, execArgv }: Pick<NodeJS.Process, 'env' | 'execArgv'>): boolean {
  return env.NODE_TEST_CONTEXT !== undefined || execArgv.includes('--test');
}

/** From now on every scenario that is declared is a test of node:test, too: a scenario file is its own functional test. */
export function declareAsTests(registry: Registry, { env, argv }: Pick<NodeJS.Process, 'env' | 'argv'>): void {
  const [, main] = argv;
  let run: FunctionalRun | undefined;
  registry.onScenario = (scenario) => {
    const { test, after } = process.getBuiltinModule('node:test');
    if (!run) {
      const begun = new FunctionalRun(registry, env, main);
      run = begun;
      after(() => begun.end());
    }
    const functional = run;
    const skip = scenario.weight === 0 && 'its weight is 0';
    void test(scenario.name, { skip }, () => functional.run(scenario));
  };
  if (main !== undefined) feedSetting.baseDir = dirname(main);
}
