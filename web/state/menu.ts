import { signal } from '@preact/signals';
import type { Row } from './row.ts';

export interface OpenMenu {
  readonly row: Row;
  /** Where its corner should be, in pixels of the window. */
  readonly x: number;
  readonly y: number;
}

/** The menu of what can be done with the values of a row, when it is open. */
export const openMenu = signal<OpenMenu | null>(null);

/** Where a row's source begins, in pixels, less the menu's own padding. */
const sourceColumn = 135;

/** Opens the menu beside the row's element, for who has no pointer. */
export function openMenuAt(row: Row): void {
  const element = document.getElementById(rowElementId(row));
  const box = element?.getBoundingClientRect();
  openMenu.value = { row, x: (box?.left ?? 0) + sourceColumn, y: box?.bottom ?? 0 };
}

export function rowElementId(row: Row): string {
  return `event-${row.position}`;
}
