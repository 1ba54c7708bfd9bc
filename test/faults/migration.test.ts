import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { logFileOf } from '../../src/sinks/sqlite/log-file.ts';
import { countOf, runSeed } from '../support/long.ts';
import { createRandom } from '../../bench/random.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { verifyLog, writeLog } from '../support/written-log.ts';

const child = fileURLToPath(new URL('../support/migration-child.ts', import.meta.url));
const records = 2_000;

/** Resolves with the signal that has ended the migration, or its exit code. */
async function runMigration(file: string, ...killAt: readonly number[]): Promise<string | number> {
  const migration = spawn(process.execPath, ['--import', 'tsx', child, file, ...killAt.map(String)]);
  const [code, signal] = (await once(migration, 'exit')) as [number | null, string | null];
  return signal ?? code ?? '';
}

function read(file: string) {
  const db = new Database(file);
  try {
    const texts = db.prepare<[], string>('SELECT record FROM records ORDER BY position').pluck().all();
    const columns = db.prepare<[], string>("SELECT name FROM pragma_table_info('records')").pluck().all();
    return { texts, isNew: columns.includes('added'), version: db.pragma('user_version', { simple: true }) };
  } finally {
    db.close();
  }
}

describe('a migration of the log', () => {
  test('that is killed leaves the old schema with every record, and is made again', async () => {
    const dataDir = await makeTempDir();
    const file = logFileOf(dataDir);
    const texts = writeLog(dataDir, 100, records / 100);
    const before = read(file);
    const random = createRandom(runSeed());
    const kills = countOf(5, 100);
    for (let kill = 0; kill < kills; kill += 1) {
      expect(await runMigration(file, 1 + Math.floor(random() * records))).toBe('SIGKILL');
      expect(read(file)).toEqual({ ...before, texts });
      expect(verifyLog(dataDir)).toBeNull();
    }
    expect(await runMigration(file)).toBe(0);
    expect(read(file)).toEqual({ texts, isNew: true, version: Number(before.version) + 1 });
  });
});
