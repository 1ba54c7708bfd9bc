import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { countOf } from '../support/long.ts';
import { seededBugs } from '../support/seeded-bugs.ts';
import { SeededTree } from '../support/seeded-tree.ts';

const dayMs = 86_400_000;
/** Three each day, so that all have their turn within a week; all of them in the long run. */
const count = countOf(3, seededBugs.length);
const first = (Math.floor(Date.now() / dayMs) * count) % seededBugs.length;
const onDuty = Array.from({ length: count }, (_, index) => seededBugs[(first + index) % seededBugs.length]).filter(
  (bug) => bug !== undefined,
);

describe('the tests notice a hub that', () => {
  test.each(onDuty.map((bug) => [bug.name, bug] as const))('%s', { timeout: 240_000 }, async (_, bug) => {
    const tree = await SeededTree.copy();
    const { failed, output } = await tree.runWith(bug);
    // A test that fails, and not a file that could not be loaded.
    expect(failed, output).toBeGreaterThan(0);
  });

  // Those that are not on duty today, too: or a change would make one impossible unseen.
  test.each(seededBugs.map((bug) => [bug.name, bug] as const))('%s: has its place', async (_, { file, text }) => {
    const source = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(source.split(text)).toHaveLength(2);
  });
});
