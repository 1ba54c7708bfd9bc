import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Search, type Address } from '../../web/state/search.ts';

class FakeAddress implements Address {
  query: string;
  readonly written: [string, boolean][] = [];
  #moved: (query: string) => void = () => undefined;

  constructor(query = '') {
    this.query = query;
  }

  read(): string {
    return this.query;
  }

  write(query: string, isStep: boolean): void {
    this.written.push([query, isStep]);
  }

  onMove(moved: (query: string) => void): void {
    this.#moved = moved;
  }

  goBackTo(query: string): void {
    this.#moved(query);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Search', () => {
  it('begins with the query of the address', () => {
    const search = new Search(new FakeAddress('severity:error'));
    expect(search.query.value).toBe('severity:error');
  });

  it('puts what is typed in force once the typing pauses', () => {
    const search = new Search(new FakeAddress());
    search.type('li');
    vi.advanceTimersByTime(200);
    search.type('link');
    vi.advanceTimersByTime(200);
    expect(search.query.value).toBe('');
    vi.advanceTimersByTime(50);
    expect(search.query.value).toBe('link');
  });

  it('makes one step of Back of everything typed in one go', () => {
    const address = new FakeAddress();
    const search = new Search(address);
    for (const text of ['li', 'link', 'link down']) {
      search.type(text);
      vi.advanceTimersByTime(300);
    }
    search.commit();
    search.add('source:a');
    expect(address.written).toEqual([
      ['li', true],
      ['link', false],
      ['link down', false],
      ['link down source:a', true],
    ]);
  });

  it('keeps the query in force while the text is none, and says where it went wrong', () => {
    const search = new Search(new FakeAddress('link'));
    search.type('severity>=errr');
    vi.advanceTimersByTime(300);
    expect(search.query.value).toBe('link');
    expect(search.problem.value).toMatchObject({ at: 10 });
    expect(search.problem.value?.message).toMatch(/^Expected /);
  });

  it('forgets the problem once the text is right again', () => {
    const search = new Search(new FakeAddress());
    search.set('((');
    search.set('link');
    expect(search.problem.value).toBeNull();
  });

  it('goes where Back leads without writing the address', () => {
    const address = new FakeAddress();
    const search = new Search(address);
    const seen: string[] = [];
    search.whenChanged((query) => seen.push(query));
    address.goBackTo('before');
    expect(search.draft.value).toBe('before');
    expect(seen).toEqual(['', 'before']);
    expect(address.written).toEqual([]);
  });

  it('says what the hub finds wrong with a query', () => {
    const search = new Search(new FakeAddress());
    search.refuse('expected a term at column 3; got the end of the query');
    expect(search.problem.value).toEqual({ message: 'Expected a term at column 3; got the end of the query', at: 2 });
  });
});
