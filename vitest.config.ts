import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** Of one test in `npm run test:long`, see test/support/long.ts. */
const longTimeout = 4 * 60 * 60 * 1_000;
const isLong = process.env['HUB_TEST_LONG'] === '1';

const builtServer = 'test/support/build.ts';

/** The projects run one after another, the quick ones first: whoever broke a parser need not wait for a browser. */
const order = ['unit', 'property', 'integration', 'hostile', 'faults', 'e2e'] as const;

interface Limits {
  readonly testTimeout: number;
  readonly maxWorkers?: number;
  readonly globalSetup?: string[];
}

function project(name: (typeof order)[number], limits: Limits): TestProjectInlineConfiguration {
  const testTimeout = isLong ? longTimeout : limits.testTimeout;
  return {
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      // Native addons do not survive in vitest's threads.
      pool: 'forks',
      hookTimeout: testTimeout,
      sequence: { groupOrder: order.indexOf(name) },
      ...limits,
      testTimeout,
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      project('unit', { testTimeout: 20_000 }),
      project('property', { testTimeout: 90_000, globalSetup: [builtServer] }),
      // They wait more than they work.
      project('integration', { testTimeout: 60_000, maxWorkers: 2, globalSetup: [builtServer] }),
      // One at a time: beside the fuzzer no deadline of another file would mean anything.
      project('hostile', { testTimeout: 120_000, maxWorkers: 1, globalSetup: [builtServer] }),
      // Killed hubs and full disks, then a browser: beside each other on two cores their deadlines would mean nothing. Each waits
      // with deadlines of its own; the one here is for a machine that is busy with other things.
      project('faults', { testTimeout: 180_000, maxWorkers: 1, globalSetup: [builtServer] }),
      project('e2e', {
        testTimeout: 60_000,
        maxWorkers: 1,
        globalSetup: [builtServer, 'test/support/chromium-setup.ts'],
      }),
    ],
  },
});
