import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { withBench } from '../../bench/bench.ts';
import { plans } from '../../bench/plan.ts';
import { buildPrograms } from '../../bench/processes.ts';
import { tableOf } from '../../bench/report.ts';
import { scenarios } from '../../bench/scenarios/registry.ts';
import { makeTempDir } from '../support/temp-dir.ts';

describe('the benchmark', () => {
  beforeAll(buildPrograms);

  it.each(scenarios)('is answered rightly in the scenario $name, and leaves nothing behind', async ({ run }) => {
    const directory = await makeTempDir();
    const rows = await withBench({ plan: plans.smoke, directory, progress: () => undefined }, run);
    for (const { pairs } of rows) {
      for (const { hub, beside } of pairs) expect(Math.min(hub, beside)).toBeGreaterThan(0);
    }
    expect((await tableOf(rows)).trimEnd().split('\n')).toHaveLength(rows.length + 2);
    expect(await readdir(directory)).toEqual([]);
  });
});
