import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { gapsIn, readClosedLog } from '../support/closed-log.ts';
import { diskSteps, type DiskStep } from '../support/disk-recording.ts';
import { countOf, runSeed } from '../support/long.ts';
import { patchedProgram } from '../support/patched-program.ts';
import { RecordedDisk } from '../support/power-cut.ts';
import { makeQuickDir } from '../support/quick-dir.ts';
import { createRandom } from '../../bench/random.ts';
import { canTrace } from '../support/sync-trace.ts';
import { recordUnderTrace } from '../support/traced-load.ts';

const isTraceable = await canTrace();
if (!isTraceable) process.stderr.write('skipped: strace is not here or may not trace; install it and allow ptrace\n');

const cuts = countOf(200, 2_000);
/** Enough commits that the WAL is checkpointed into the database on the way. */
const load = { count: 500, window: 3, message: 'is it on disk '.repeat(150) };
const timeout = countOf(240_000, 1_800_000);

describe.skipIf(!isTraceable)('a power cut', () => {
  test(
    'leaves every acknowledged event and a sound file, whenever it comes and whatever part of the unsynced is kept',
    async () => {
      const steps = await record();
      expect(checkpointsIn(steps), 'writes to the database between acknowledgements').toBeGreaterThan(0);
      const findings = await cutEverywhere(steps);
      expect(findings.unsound).toEqual([]);
      expect(findings.lost).toEqual([]);
      process.stderr.write(`${cuts} power cuts, up to ${load.count} acknowledged events each: 0 lost\n`);
    },
    timeout,
  );

  test(
    'would be seen to lose acknowledged events if commits were not synced',
    async () => {
      const unsynced = await patchedProgram(
        'requirePragma(db, "synchronous", "FULL", 2)',
        'requirePragma(db, "synchronous", "NORMAL", 1)',
      );
      const { lost } = await cutEverywhere(await record(unsynced));
      expect(lost.length).toBeGreaterThan(cuts / 10);
      process.stderr.write(`with synchronous=NORMAL ${lost.length} of ${cuts} power cuts lose acknowledged events\n`);
    },
    timeout,
  );
});

async function record(program?: string): Promise<readonly DiskStep[]> {
  const { trace, dataDir, ids } = await recordUnderTrace({ ...load, program });
  const steps = diskSteps(trace, dataDir, ids);
  const acknowledged = new Set(steps.flatMap((step) => (step.kind === 'acknowledge' ? step.ids : [])));
  expect(acknowledged.size, 'acknowledgements in the trace').toBe(load.count);
  return steps;
}

function checkpointsIn(steps: readonly DiskStep[]): number {
  const acknowledgements = steps.filter(({ kind }) => kind === 'acknowledge');
  const [first = Infinity, last = 0] = [acknowledgements[0]?.began, acknowledgements.at(-1)?.began];
  return steps.filter(
    (step) => step.kind === 'write' && step.file === 'hub.db' && step.began > first && step.began < last,
  ).length;
}

interface Findings {
  readonly lost: string[];
  readonly unsound: string[];
}

async function cutEverywhere(steps: readonly DiskStep[]): Promise<Findings> {
  const random = createRandom(runSeed());
  const findings: Findings = { lost: [], unsound: [] };
  const disk = new RecordedDisk(steps);
  const place = await makeQuickDir();
  for (const line of cutLines(steps, random)) {
    disk.playTo(line);
    const dataDir = await mkdtemp(join(place, 'cut-'));
    try {
      for (const [file, bytes] of disk.cutPower(random)) writeFileSync(join(dataDir, file), bytes);
      look(dataDir, disk.acknowledged, `cut before line ${line}`, findings);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  }
  return findings;
}

/** Half of them anywhere, half of them just after something was acknowledged; in the order of the trace. */
function cutLines(steps: readonly DiskStep[], random: () => number): readonly number[] {
  const acknowledgements = steps.filter(({ kind }) => kind === 'acknowledge');
  return Array.from({ length: cuts }, (_, index) => {
    const among = index % 2 === 0 ? steps : acknowledgements;
    return (among[Math.floor(random() * among.length)]?.began ?? 0) + 1;
  }).sort((one, other) => one - other);
}

function look(dataDir: string, acknowledged: ReadonlySet<string>, where: string, { lost, unsound }: Findings): void {
  try {
    const { check, positions, byId } = readClosedLog(dataDir, 'trace');
    if (check !== 'ok') unsound.push(`${where}: ${check}`);
    unsound.push(...gapsIn(positions).map((gap) => `${where}: ${gap}`));
    const missing = [...acknowledged].filter((id) => !byId.has(id));
    if (missing.length > 0) lost.push(`${where}: ${missing.length} of ${acknowledged.size}, as ${missing[0] ?? ''}`);
  } catch (error) {
    // Before its first event the log may have no tables yet.
    if (acknowledged.size > 0) unsound.push(`${where}: ${String(error)}`);
  }
}
