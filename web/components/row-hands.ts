import { openMenu } from '../state/menu.ts';
import { detail, feed, hold, search, selection } from '../state/page.ts';
import { focusEvents } from '../state/focus.ts';
import type { Row } from '../state/row.ts';
import { termFor } from '../query/terms.ts';

/** How long the rows stay under a pointer that has stopped: the time of aiming and pressing. */
const aimMs = 700;
let aimTimer = 0;

/** The mouse moves over the rows: until it rests they hold still, so that a press meets the row it was meant for. */
export function aim(event: PointerEvent): void {
  if (event.pointerType !== 'mouse') return;
  hold.isAimed.value = true;
  clearTimeout(aimTimer);
  aimTimer = window.setTimeout(() => {
    hold.isAimed.value = false;
  }, aimMs);
}

/** A press somewhere in the table: on a value it narrows the search, with Alt it leaves the value out; elsewhere it opens
 *  the event, a second time lets go of it. The other button, or the row's own, opens the row's menu. */
export function pressRow(event: MouseEvent): void {
  const target = event.target instanceof Element ? event.target : null;
  const row = rowOf(target);
  if (target === null || row === undefined) return;
  focusEvents();
  const value = target.closest<HTMLElement>('[data-field]');
  if (event.type === 'contextmenu' || target.closest('[data-menu]') !== null) openRowMenu(event, row);
  else if (value !== null) narrow(value.dataset, event.altKey);
  else toggleRow(row);
}

function openRowMenu(event: MouseEvent, row: Row): void {
  event.preventDefault();
  selection.choose(row);
  openMenu.value = { row, x: event.clientX, y: event.clientY };
}

function narrow({ field, value }: DOMStringMap, exclude: boolean): void {
  if (field !== undefined && value !== undefined) search.add(termFor(field, value, exclude));
}

function toggleRow(row: Row): void {
  // The press ended a selection of text: that was meant, not the row.
  if (getSelection()?.type === 'Range') return;
  if (detail.position.peek() === row.position) {
    detail.close();
    selection.clear();
  } else {
    selection.choose(row);
    detail.open(row.position);
  }
}

function rowOf(target: Element | null): Row | undefined {
  const position = Number(target?.closest<HTMLElement>('[data-position]')?.dataset['position']);
  const row = feed.window.rowAt(feed.window.indexOf(position));
  return row?.position === position ? row : undefined;
}
