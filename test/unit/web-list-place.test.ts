import { describe, expect, it } from 'vitest';
import { EventWindow } from '../../web/state/event-window.ts';
import { ListPlace } from '../../web/state/list-place.ts';
import { rowsBetween } from '../support/web-rows.ts';

const rowHeight = 28;

function placeIn(rows: number): { window: EventWindow; place: ListPlace } {
  const window = new EventWindow(1000);
  window.replace({ rows: rowsBetween(1, rows).reverse(), next: null });
  const place = new ListPlace(window);
  place.height = 10 * rowHeight;
  return { window, place };
}

describe('ListPlace', () => {
  it('stays at the top when rows come above', () => {
    const { window, place } = placeIn(50);
    window.receive(rowsBetween(51, 55), false, 0);
    expect(place.top(rowHeight)).toBe(0);
  });

  it('keeps the row in its place when rows come above it', () => {
    const { window, place } = placeIn(50);
    expect(place.scrollTo(100, rowHeight)).toBe(true);
    window.receive(rowsBetween(51, 55), false, 0);
    expect(place.top(rowHeight)).toBe(100 + 5 * rowHeight);
  });

  it('takes a few pixels for the top', () => {
    const { place } = placeIn(50);
    expect(place.scrollTo(3, rowHeight)).toBe(false);
    expect(place.top(rowHeight)).toBe(0);
  });

  it('keeps the place below the last row, where older ones are being loaded', () => {
    const { place } = placeIn(20);
    place.scrollTo(25 * rowHeight, rowHeight);
    expect(place.top(rowHeight)).toBe(25 * rowHeight);
  });

  it('reads pixels by the rows on the page, whatever has come since', () => {
    const { window, place } = placeIn(50);
    place.draw(47, 3);
    window.receive(rowsBetween(51, 55), false, 0);
    place.scrollTo(100, rowHeight);
    expect(place.top(rowHeight)).toBe(100 + 5 * rowHeight);
  });

  it('is not at the top of a window that is cut', () => {
    const { window, place } = placeIn(50);
    window.receive(rowsBetween(51, 2000), true, 0);
    expect(place.scrollTo(0, rowHeight)).toBe(true);
  });

  it.each([
    ['below', 15, 6 * rowHeight],
    ['above', 2, 2 * rowHeight],
    ['in sight', 7, 3 * rowHeight],
  ])('scrolls as little as needed to bring a row %s into sight', (_, index, top) => {
    const { place } = placeIn(50);
    place.scrollTo(3 * rowHeight, rowHeight);
    place.bring(index, rowHeight);
    expect(place.top(rowHeight)).toBe(top);
  });

  it('is back at the top when it brings the newest row', () => {
    const { place } = placeIn(50);
    place.scrollTo(100, rowHeight);
    expect(place.bring(0, rowHeight)).toBe(false);
  });
});
