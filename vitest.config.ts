import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{core,node-image,proxy-image,orchestrator,grafana}/src/**/*.test.ts', 'bench/**/*.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/**/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 60_000,
          // Three files at a time, each on free ports: a run mostly waits.
          sequence: { groupOrder: 1 },
          maxWorkers: 3,
          globalSetup: 'test/support/build-images.ts',
          env: {
            // Its image cannot be had everywhere; the tests clean up by themselves.
            TESTCONTAINERS_RYUK_DISABLED: 'true',
            // On any machine, next to other files: a run is not invalid because its generator was late.
            LOADS_MAX_LAG: '5s',
          },
        },
      },
    ],
  },
});
