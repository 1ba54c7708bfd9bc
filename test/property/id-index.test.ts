import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idKeys } from '../../src/sinks/sqlite/id-key.ts';
import { IdIndex } from '../../src/sinks/sqlite/id-index.ts';
import { openForWriting } from '../../src/sinks/sqlite/log-file.ts';
import { LogWriter } from '../../src/sinks/sqlite/log-writer.ts';
import { prepareBatch } from '../../src/sinks/sqlite/prepared-batch.ts';
import { newEventId } from '../../src/pipeline/event-id.ts';
import { aDraft } from '../support/memory-log.ts';
import { inTempDir } from '../support/temp-dir.ts';
import { verifyLog } from '../support/written-log.ts';

const id = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map(String),
  fc.integer({ min: 0, max: 20 }).map((last) => `019ae000-0000-7000-8000-0000000000${String(last).padStart(2, '0')}`),
);
const event = fc.record({ id, source: fc.constantFrom('a', 'b'), message: fc.constantFrom('one', 'other') });
const step = fc.oneof(
  { arbitrary: fc.record({ append: fc.array(event, { maxLength: 3 }) }), weight: 6 },
  { arbitrary: fc.record({ remove: fc.integer({ min: 0, max: 30 }) }), weight: 1 },
  { arbitrary: fc.constant('restart' as const), weight: 1 },
);

/** What must be known of the events that are in the log, and the verdicts that follow from it. */
class Model {
  #head = 0;
  readonly #known = new Map<string, { readonly position: number; readonly message: string }>();

  get head(): number {
    return this.#head;
  }

  append(events: readonly { readonly id: string; readonly source: string; readonly message: string }[]) {
    return events.map(({ id, source, message }) => {
      const name = `${source}/${id}`;
      const known = this.#known.get(name);
      if (known !== undefined) return known.message === message ? -known.position : 0;
      this.#head += 1;
      this.#known.set(name, { position: this.#head, message });
      return this.#head;
    });
  }

  removeThrough(through: number): void {
    for (const [name, { position }] of this.#known) if (position <= through) this.#known.delete(name);
  }
}

/** A writer that brings ids into the table after every few. */
function openWriter(dataDir: string): LogWriter {
  const db = openForWriting(dataDir);
  return new LogWriter(db, new IdIndex(db, { recent: 5, near: 8, movedAtOnce: 2 }));
}

describe('the index of ids', () => {
  it('finds every event that is there and none that is not, over removals and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        await inTempDir((dataDir) => {
          const model = new Model();
          let writer = openWriter(dataDir);
          try {
            for (const each of steps) {
              if (each === 'restart') {
                writer.close();
                writer = openWriter(dataDir);
              } else if ('append' in each) {
                const { fields, receivedAt } = prepareBatch(
                  each.append.map((fields) => ({ draft: aDraft(fields), channel: 'tcp' })),
                  Date.now(),
                );
                expect([...writer.append(fields, receivedAt)]).toEqual(model.append(each.append));
              } else {
                const through = Math.min(each.remove, model.head);
                while (writer.removeThrough(through, []) < through);
                model.removeThrough(through);
              }
            }
          } finally {
            writer.close();
          }
          expect(verifyLog(dataDir)).toBeNull();
        });
      }),
      { numRuns: 200 },
    );
  });
});

describe('the key of an id', () => {
  const keyOf = idKeys(Buffer.from('a seed..'));

  it('is a whole number that SQLite takes as such', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 128 }), fc.string({ maxLength: 20 }), (id, source) => {
        const key = keyOf(id, source);
        expect(Number.isSafeInteger(key) && key >= 0).toBe(true);
        expect(keyOf(id, source)).toBe(key);
      }),
    );
  });

  it('is another for another id, source or seed', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => keyOf(`id-${String(index)}`, 's'));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf('1', 's')).not.toBe(keyOf('1', 't'));
    expect(keyOf('1', 's')).not.toBe(idKeys(Buffer.from('another.'))('1', 's'));
    // Half of all bits, in the mean, for one bit of the text.
    const ones = keys.map((key) => ((key % 2 ** 32) >>> 0).toString(2).replaceAll('0', '').length);
    expect(ones.reduce((sum, count) => sum + count, 0) / ones.length).toBeCloseTo(16, 0);
  });

  it('ascends with the time of a UUIDv7', () => {
    const early = keyOf('01900000-0000-7000-8000-000000000000', 's');
    const made = Array.from({ length: 1_000 }, () => keyOf(newEventId(), 's'));
    const late = keyOf('01f00000-0000-7000-8000-000000000000', 's');
    expect(Math.min(...made)).toBeGreaterThan(early);
    expect(Math.max(...made)).toBeLessThan(late);
    expect(Math.max(...made) - Math.min(...made)).toBeLessThan(2 ** 30);
  });
});
