import { describe, expect, it } from 'vitest';
import { BoundedBacklog } from '../../src/pipeline/backlog.ts';

describe('the backlog', () => {
  it.each([
    ['events', 1, 3],
    ['bytes', 50, 2],
  ])('is full at its limit of %s, and not before', (_, bytes, count) => {
    const backlog = new BoundedBacklog({ maxEvents: 3, maxBytes: 100 });
    for (let added = 0; added < count; added += 1) {
      expect(backlog.isFull).toBe(false);
      backlog.add(bytes);
    }
    expect(backlog).toMatchObject({ isFull: true, events: count, bytes: bytes * count });
    backlog.remove(1, bytes);
    expect(backlog.isFull).toBe(false);
  });

  it('calls back at once while there is room', () => {
    let calls = 0;
    new BoundedBacklog().whenRoom(() => (calls += 1));
    expect(calls).toBe(1);
  });

  it('calls back once when there is room again, in the order of asking', () => {
    const backlog = new BoundedBacklog({ maxEvents: 1, maxBytes: 100 });
    const calls: string[] = [];
    backlog.add(1);
    backlog.whenRoom(() => calls.push('first'));
    backlog.whenRoom(() => calls.push('second'));
    expect(calls).toEqual([]);
    backlog.remove(1, 1);
    backlog.add(1);
    backlog.remove(1, 1);
    expect(calls).toEqual(['first', 'second']);
  });

  it('lets the others wait on when one has filled it again, and serves them before later ones', () => {
    const backlog = new BoundedBacklog({ maxEvents: 1, maxBytes: 100 });
    const calls: string[] = [];
    const ask = (name: string) => {
      backlog.whenRoom(() => {
        calls.push(name);
        backlog.add(1);
        if (name === 'first') ask('first again');
      });
    };
    backlog.add(1);
    ask('first');
    ask('second');
    for (let turn = 1; turn <= 3; turn += 1) {
      backlog.remove(1, 1);
      expect(calls).toEqual(['first', 'second', 'first again'].slice(0, turn));
    }
  });
});
