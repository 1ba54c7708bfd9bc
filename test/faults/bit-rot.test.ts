import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFilter } from '../../src/pipeline/filter.ts';
import { isDamage } from '../../src/sinks/sqlite/damage.ts';
import { logFileOf } from '../../src/sinks/sqlite/log-file.ts';
import { countOf, runSeed } from '../support/long.ts';
import { createRandom } from '../../bench/random.ts';
import { makeTempDir } from '../support/temp-dir.ts';
import { alteredIn, readLog, verifyLog, writeLog } from '../support/written-log.ts';

const everyType = readFilter({ type: '*' }, 0);
const byContent = readFilter({ q: 'label.site:madrid data.n>=0' }, 0);
const pageSize = 8_192;

interface Place {
  readonly texts: readonly string[];
  readonly bytes: Buffer;
  /** Puts other bytes in the place of the log's file. */
  damage(bytes: Buffer): void;
  readonly dataDir: string;
}

async function closedLog(): Promise<Place> {
  const dataDir = await makeTempDir();
  const texts = writeLog(dataDir, 20, 4);
  const bytes = readFileSync(logFileOf(dataDir));
  return {
    texts,
    bytes,
    dataDir,
    damage: (damaged) => {
      for (const ending of ['-wal', '-shm']) rmSync(logFileOf(dataDir) + ending, { force: true });
      writeFileSync(logFileOf(dataDir), damaged);
    },
  };
}

/** Reads and verifies what is there. Altered text must never be served, and what is missing must be found. */
function look(
  { dataDir, texts }: Place,
  withContent = true,
): { readonly isFound: boolean; readonly isRefused: boolean } {
  const { served, refusal } = readLog(dataDir, texts.length, everyType);
  for (const { position, json } of served) expect(json).toBe(texts[position - 1]);
  const byText = withContent ? readLog(dataDir, texts.length, byContent).served : [];
  for (const { position, json } of byText) expect(json).toBe(texts[position - 1]);
  const damage = verifyLog(dataDir);
  if (damage === null) {
    expect(refusal).toBeNull();
    expect(served).toHaveLength(texts.length);
  }
  return { isFound: damage !== null, isRefused: isDamage(refusal) };
}

describe('a bit that flips in a closed log', () => {
  test('is found, or harms nothing; altered text is never served', async () => {
    const place = await closedLog();
    expect(look(place)).toEqual({ isFound: false, isRefused: false });
    const random = createRandom(runSeed());
    const flips = countOf(1_000, 100_000);
    let [inText, foundInText, refused, found] = [0, 0, 0, 0];
    for (let flip = 0; flip < flips; flip += 1) {
      const at = Math.floor(random() * place.bytes.length);
      const damaged = Buffer.from(place.bytes);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      place.damage(damaged);
      const { isFound, isRefused } = look(place);
      found += Number(isFound);
      if (alteredIn(place.dataDir, place.texts).length === 0) continue;
      inText += 1;
      foundInText += Number(isFound);
      refused += Number(isRefused);
    }
    process.stderr.write(
      `${flips} flips: ${inText} changed the text of records, ${foundInText} of them found; ${found} found in all\n`,
    );
    expect(inText).toBeGreaterThan(flips / 10);
    expect(foundInText).toBe(inText);
    // A record whose position has become another one is not read, so that nobody is refused it.
    expect(refused).toBeGreaterThan(inText * 0.95);
  });
});

describe('a page of a closed log', () => {
  const faults: readonly [string, (bytes: Buffer, page: number, other: number) => Buffer][] = [
    ['zeroed', (bytes, page) => bytes.fill(0, page * pageSize, (page + 1) * pageSize)],
    ['cut off with all that follow', (bytes, page) => bytes.subarray(0, page * pageSize)],
    ['torn in the middle', (bytes, page) => bytes.fill(0, page * pageSize + 4_096, (page + 1) * pageSize)],
    [
      'in the place of another',
      (bytes, page, other) => {
        bytes.copyWithin(page * pageSize, other * pageSize, (other + 1) * pageSize);
        return bytes;
      },
    ],
  ];

  test.each(faults)('%s is found, or harms nothing', async (_, fault) => {
    const place = await closedLog();
    const pages = place.bytes.length / pageSize;
    let found = 0;
    for (let page = 1; page < pages; page += 1) {
      place.damage(fault(Buffer.from(place.bytes), page, (page + 2) % pages));
      found += Number(look(place).isFound);
    }
    expect(found).toBeGreaterThan(0);
  });
});
