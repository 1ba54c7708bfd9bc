import { describe, expect, it } from 'vitest';
import { EventWindow } from '../../web/state/event-window.ts';
import { Hold } from '../../web/state/hold.ts';
import { Selection } from '../../web/state/selection.ts';
import { rowsBetween } from '../support/web-rows.ts';

describe('Hold', () => {
  it('follows until something holds it', () => {
    expect(new Hold().isHeld.value).toBe(false);
  });

  it('resumes when the reader scrolls back to the top', () => {
    const hold = new Hold();
    hold.isScrolled.value = true;
    hold.isReading.value = true;
    hold.reachTop();
    expect(hold.isHeld.value).toBe(false);
  });

  it('stays paused at the top', () => {
    const hold = new Hold();
    hold.toggle();
    hold.isScrolled.value = true;
    hold.reachTop();
    expect(hold.isStill.value).toBe(true);
  });

  it('is held while the pointer aims, without making a word of it', () => {
    const hold = new Hold();
    hold.isAimed.value = true;
    expect(hold.isHeld.value).toBe(true);
    expect(hold.isStill.value).toBe(false);
  });

  it('shows a flood that the reader wants to see, but counts the next one again', () => {
    const hold = new Hold();
    hold.setFlooded(true);
    hold.resume();
    expect(hold.isHeld.value).toBe(false);
    hold.setFlooded(false);
    hold.setFlooded(true);
    expect(hold.isCounting.value).toBe(true);
  });
});

describe('Selection', () => {
  const makeSelection = () => {
    const window = new EventWindow(100);
    window.replace({ rows: rowsBetween(1, 9).reverse(), next: null });
    const hold = new Hold();
    return { window, hold, selection: new Selection(window, hold) };
  };

  it('begins where it is told and moves row by row, not beyond the ends', () => {
    const { selection } = makeSelection();
    selection.move(1, 2);
    expect(selection.row.value?.position).toBe(7);
    selection.move(1, 0);
    expect(selection.row.value?.position).toBe(6);
    selection.move(-20, 0);
    expect(selection.row.value?.position).toBe(9);
  });

  it('holds the list, and lets go of it when cleared', () => {
    const { hold, selection } = makeSelection();
    selection.moveTo(0);
    expect(hold.isStill.value).toBe(true);
    selection.clear();
    expect(hold.isStill.value).toBe(false);
  });

  it('stays chosen when the list follows again, even after the window let go of the row', () => {
    const { window, hold, selection } = makeSelection();
    selection.moveTo(8);
    hold.resume();
    window.receive(rowsBetween(10, 300), false, 0);
    expect(selection.row.value?.position).toBe(1);
  });
});
