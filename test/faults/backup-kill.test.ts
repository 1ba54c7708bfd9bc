import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSqliteLog } from '../../src/sinks/sqlite/sqlite-log.ts';
import { runCli, startCli } from '../support/cli.ts';
import { waitFor } from '../support/deadline.ts';
import { inFile, walkWhole } from '../support/log-file.ts';
import { aDraft } from '../support/memory-log.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const count = 4_000;
/** Each starts the command some times. */
const timeout = 120_000;

/** A directory with a log of some mebibytes. */
async function bigLog(): Promise<{ readonly dataDir: string; readonly epoch: string }> {
  const dataDir = await makeTempDir();
  const log = await openSqliteLog({ dataDir, readers: 1 });
  const message = 'x'.repeat(1_000);
  await log.append(
    Array.from({ length: count }, (_, at) => ({ draft: aDraft({ id: `e${at}`, message }), channel: 'tcp' })),
  );
  await log.close();
  return { dataDir, epoch: log.epoch };
}

const names = (directory: string, part: string) => readdirSync(directory).filter((name) => name.includes(part));

it('a backup that is killed leaves nothing under its name, and the next one clears up', { timeout }, async () => {
  const { dataDir } = await bigLog();
  const folder = await makeTempDir();
  const file = join(folder, 'backup.db');
  let left = 0;
  for (const size of [0, 2_000_000]) {
    const cli = startCli(['backup', '--replace', file], { dataDir });
    const isUnderWay = () => names(folder, '.partial').some((name) => statSync(join(folder, name)).size > size);
    await waitFor(() => isUnderWay() || cli.child.exitCode !== null, { within: 30_000, what: 'a copy under way' });
    cli.child.kill('SIGKILL');
    await cli.result;
    left += names(folder, '.partial').length;
    if (existsSync(file)) expect(inFile(file, (db) => db.pragma('integrity_check', { simple: true }))).toBe('ok');
  }
  expect(left).toBeGreaterThan(0);
  expect(await runCli(['backup', '--replace', file], { dataDir })).toMatchObject({ exitCode: 0 });
  expect(readdirSync(folder)).toEqual(['backup.db']);
});

it('a restore that is killed leaves the old log or the new one, whole', { timeout }, async () => {
  const { dataDir, epoch } = await bigLog();
  const file = join(await makeTempDir(), 'backup.db');
  expect(await runCli(['backup', file], { dataDir })).toMatchObject({ exitCode: 0 });
  const epochs = new Set<string>();
  for (const begun of ['.restoring', '.replaced-']) {
    const cli = startCli(['restore', '--replace', file], { dataDir });
    const before = names(dataDir, begun).length;
    const isUnderWay = () => names(dataDir, begun).length > before || cli.child.exitCode !== null;
    await waitFor(isUnderWay, { within: 30_000, what: `a file named ${begun}` });
    cli.child.kill('SIGKILL');
    await cli.result;
    const log = await openSqliteLog({ dataDir, readers: 1 });
    epochs.add(log.epoch);
    expect(log.head).toBe(count);
    await log.close();
    walkWhole(dataDir);
    expect(names(dataDir, '.restor')).toEqual([]);
  }
  // Killed while it copied, it had changed nothing; killed at the end, it was done.
  expect(epochs.has(epoch)).toBe(true);
  expect(epochs.size).toBeGreaterThan(1);
});
