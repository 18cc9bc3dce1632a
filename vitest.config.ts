import { defineConfig } from 'vitest/config';

// Its tests need a container engine and take minutes: `npm run test:containers`.
const CONTAINERS = [
  'test/{compose,docker,images}/**/*.test.ts',
  'test/database/containers.test.ts',
  'test/sessions/grpc.test.ts',
];
/** A condition may take as long as a machine that stands still for a moment. */
const PATIENT = { poll: { timeout: 15_000 } };
const SYSTEM = {
  expect: PATIENT,
  testTimeout: 90_000,
  hookTimeout: 60_000,
  // Three files at a time, each on free ports: a run mostly waits.
  maxWorkers: 3,
  env: {
    // Its image cannot be had everywhere; the tests clean up by themselves.
    TESTCONTAINERS_RYUK_DISABLED: 'true',
    // On any machine, next to other files: a run is not invalid because its generator was late.
    LOADS_MAX_LAG: '5s',
  },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{core,node-image,proxy-image,orchestrator,grafana}/src/**/*.test.ts',
            '{bench,build}/**/*.test.ts',
          ],
          testTimeout: 20_000,
          expect: PATIENT,
        },
      },
      {
        test: {
          ...SYSTEM,
          name: 'system',
          include: ['test/**/*.test.ts'],
          exclude: CONTAINERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...SYSTEM,
          // To start one takes seconds where the disk is slow, and some runs have forty.
          testTimeout: 240_000,
          name: 'containers',
          include: CONTAINERS,
          sequence: { groupOrder: 2 },
          globalSetup: 'test/support/build-images.ts',
        },
      },
    ],
  },
});
