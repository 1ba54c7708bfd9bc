import { describe, expect, it } from 'vitest';
import { EventWindow } from '../../web/state/event-window.ts';
import { aRow, rowsBetween } from '../support/web-rows.ts';

const pageOf = (first: number, last: number, next: number | null = null) => ({
  rows: rowsBetween(first, last).reverse(),
  next,
});
const positionsIn = (window: EventWindow) =>
  Array.from({ length: window.length }, (_, index) => window.rowAt(index)?.position);

describe('EventWindow', () => {
  it('shows the newest page, newest first', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 3));
    expect(positionsIn(window)).toEqual([3, 2, 1]);
  });

  it('puts news at the top while the list follows', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 2));
    window.receive(rowsBetween(3, 4), false, 5);
    expect(positionsIn(window)).toEqual([4, 3, 2, 1]);
    expect(window.rowAt(0)?.arrivedAt).toBe(5);
  });

  it('counts what waits while it is held, and how much of it is critical', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 2));
    window.receive([aRow(3), aRow(4, { severity: 'critical' })], true, 0);
    expect(positionsIn(window)).toEqual([2, 1]);
    expect(window.waiting).toEqual({ total: 2, critical: 1 });
  });

  it('shows what waited as news when it is revealed', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 1));
    window.receive(rowsBetween(2, 3), true, 0);
    expect(window.reveal(7)).toBe(true);
    expect(positionsIn(window)).toEqual([3, 2, 1]);
    expect(window.rowAt(1)?.arrivedAt).toBe(7);
    expect(window.waiting.total).toBe(0);
  });

  it('takes no event twice', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 3));
    window.receive(rowsBetween(2, 4), false, 0);
    expect(positionsIn(window)).toEqual([4, 3, 2, 1]);
  });

  it('lets the oldest rows go over its limit, and remembers where they go on', () => {
    const window = new EventWindow(10);
    window.receive(rowsBetween(1, 12), false, 0);
    expect(window.length).toBe(10);
    expect(window.older).toBe(3);
  });

  it('keeps counting what waits beyond its limit, and knows that it is cut', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 1));
    window.receive(rowsBetween(2, 40), true, 0);
    expect(window.waiting.total).toBe(39);
    expect(window.isCut).toBe(true);
    expect(window.reveal(0)).toBe(false);
  });

  it('lets the newest rows go when older pages fill it', () => {
    const window = new EventWindow(4);
    window.replace(pageOf(5, 8, 5));
    window.addOlder(pageOf(3, 4, 3));
    expect(positionsIn(window)).toEqual([6, 5, 4, 3]);
    expect(window.isCut).toBe(true);
  });

  it('is whole again once newer pages reach what waits', () => {
    const window = new EventWindow(4);
    window.replace(pageOf(5, 8, 5));
    window.addOlder(pageOf(3, 4, 3));
    window.receive([aRow(9)], true, 0);
    window.addNewer(rowsBetween(7, 9), true);
    expect(window.isCut).toBe(false);
    expect(window.waiting.total).toBe(0);
    expect(window.rowAt(0)?.position).toBe(9);
  });

  it('stays cut when more came than waits while the newer page was read', () => {
    const window = new EventWindow(4);
    window.replace(pageOf(5, 8, 5));
    window.addOlder(pageOf(3, 4, 3));
    window.receive(rowsBetween(9, 30), true, 0);
    window.addNewer(rowsBetween(7, 8), true);
    expect(window.isCut).toBe(true);
    expect(window.waiting.total).toBe(22);
  });

  it('keeps live events that are newer than the page they crossed', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(1, 3));
    window.receive(rowsBetween(4, 6), false, 0);
    window.replace(pageOf(2, 5, 2));
    expect(positionsIn(window)).toEqual([6, 5, 4, 3, 2]);
  });

  it('shows only what is surely without a hole when more came than it keeps while a page was read', () => {
    const window = new EventWindow(4);
    window.replace(pageOf(1, 2));
    window.receive(rowsBetween(3, 20), true, 0);
    window.replace(pageOf(1, 5, 1));
    expect(positionsIn(window)).toEqual([20, 19, 18, 17]);
    expect(window.older).toBe(17);
  });

  it('knows nothing of the search before after it was told to forget', () => {
    const window = new EventWindow(10);
    window.replace(pageOf(7, 9));
    window.receive([aRow(10)], true, 0);
    window.forget();
    window.replace(pageOf(1, 2));
    expect(positionsIn(window)).toEqual([2, 1]);
    expect(window.waiting.total).toBe(0);
  });

  it('finds the index of a row, or of the next older one', () => {
    const window = new EventWindow(10);
    window.replace({ rows: [aRow(9), aRow(5), aRow(2)], next: null });
    expect([9, 5, 2, 6, 1].map((position) => window.indexOf(position))).toEqual([0, 1, 2, 1, 3]);
  });
});
