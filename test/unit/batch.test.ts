import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { batchWhileBusy } from '../../src/pipeline/batch.ts';

interface Item {
  readonly name: string;
  readonly bytes: number;
}

/** One turn of the event loop, in whose check phase a batch begins. */
const turn = () => new Promise(setImmediate);

/** Items go in by `items$`; a batch that is under way ends by `finish`. */
function aBatcher(limits = { maxItems: 10, maxBytes: 100, aheadItems: 5 }) {
  const items$ = new Subject<Item>();
  const begun: string[] = [];
  const seen: string[] = [];
  let underWay: (() => void)[] = [];
  items$
    .pipe(
      batchWhileBusy(limits, (batch) => {
        const names = batch.map(({ name }) => name).join('');
        begun.push(names);
        return new Promise<string>((resolve) => {
          underWay.push(() => {
            resolve(names);
          });
        });
      }),
    )
    .subscribe({
      next: (names) => seen.push(names),
      complete: () => seen.push('complete'),
      error: (error: Error) => seen.push(error.message),
    });
  return {
    items$,
    begun,
    seen,
    add: (names: string, bytes = 1) => {
      for (const name of names) items$.next({ name, bytes });
    },
    finishSecondFirst: async () => {
      const [first, second] = underWay;
      underWay = [];
      second?.();
      await turn();
      const seenThen = [...seen];
      first?.();
      await turn();
      return seenThen;
    },
    finish: async () => {
      const ended = underWay;
      underWay = [];
      for (const end of ended) end();
      await turn();
    },
    count: () => underWay.length,
  };
}

describe('batching while busy', () => {
  it('takes what one turn produced as the first batch', async () => {
    const { add, begun } = aBatcher();
    add('abc');
    expect(begun).toEqual([]);
    await turn();
    expect(begun).toEqual(['abc']);
  });

  it('runs one batch at a time, and the next is what came meanwhile', async () => {
    const { add, begun, seen, finish, count } = aBatcher();
    add('a');
    await turn();
    add('b');
    await turn();
    add('c');
    await turn();
    expect({ begun, underWay: count() }).toEqual({ begun: ['a'], underWay: 1 });
    await finish();
    expect({ begun, seen }).toEqual({ begun: ['a', 'bc'], seen: ['a'] });
  });

  it('hands a second batch on while one is under way, once it is large enough, and no third', async () => {
    const { add, begun, seen, finish } = aBatcher();
    add('a');
    await turn();
    add('bcde');
    await turn();
    expect(begun).toEqual(['a']);
    add('f');
    await turn();
    expect(begun).toEqual(['a', 'bcdef']);
    add('ghijkl');
    await turn();
    expect(begun).toEqual(['a', 'bcdef']);
    await finish();
    expect({ begun, seen }).toEqual({ begun: ['a', 'bcdef', 'ghijkl'], seen: ['a', 'bcdef'] });
  });

  it('emits results in order, whichever is there first', async () => {
    const { add, seen, finishSecondFirst } = aBatcher();
    add('a');
    await turn();
    add('bcdef');
    await turn();
    expect(await finishSecondFirst()).toEqual([]);
    expect(seen).toEqual(['a', 'bcdef']);
  });

  it.each([
    ['items', { maxItems: 2, maxBytes: 100, aheadItems: 10 }, 10, ['ab', 'cd', 'e']],
    ['bytes', { maxItems: 10, maxBytes: 30, aheadItems: 10 }, 10, ['abc', 'de']],
    [
      'bytes, with items that are larger than that',
      { maxItems: 10, maxBytes: 9, aheadItems: 10 },
      10,
      ['a', 'b', 'c', 'd', 'e'],
    ],
  ])('keeps to its limit of %s', async (_, limits, bytes, expected) => {
    const { add, seen, finish } = aBatcher(limits);
    add('abcde', bytes);
    await turn();
    for (let batch = 0; batch < 6; batch += 1) await finish();
    expect(seen).toEqual(expected);
  });

  it('completes after the last batch', async () => {
    const { add, items$, seen, finish } = aBatcher();
    add('a');
    await turn();
    add('b');
    items$.complete();
    await finish();
    expect(seen).toEqual(['a']);
    await finish();
    expect(seen).toEqual(['a', 'b', 'complete']);
  });

  it('completes at once when nothing is left', () => {
    const { items$, seen } = aBatcher();
    items$.complete();
    expect(seen).toEqual(['complete']);
  });

  it('finishes what it holds before it passes an error on', async () => {
    const { add, items$, seen, finish } = aBatcher();
    add('a');
    items$.error(new Error('broken'));
    expect(seen).toEqual([]);
    await turn();
    await finish();
    expect(seen).toEqual(['a', 'broken']);
  });
});
