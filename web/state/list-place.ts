import { signal } from '@preact/signals';
import type { Position } from '../../src/pipeline/event.ts';
import type { EventWindow } from './event-window.ts';

interface Anchor {
  readonly position: Position;
  /** Pixels between the top of this row and the top of what is in sight. */
  readonly offset: number;
}

/** Pixels that still count as the top, for touch screens that do not stop exactly there. */
export const topSlack = 4;

/** Where the list is scrolled to, remembered as a row and not as pixels: rows may come or go above it and it stays in
 *  place under the reader's eyes. */
export class ListPlace {
  readonly #window: EventWindow;
  readonly #anchor = signal<Anchor | null>(null);
  /** Pixels of the list that are in sight; whoever shows it keeps this up to date. */
  height = 0;

  constructor(window: EventWindow) {
    this.#window = window;
  }

  /** How far down in pixels the list has to be scrolled now; 0 at the top. */
  top(rowHeight: number): number {
    const anchor = this.#anchor.value;
    return anchor === null ? 0 : this.#window.indexOf(anchor.position) * rowHeight + anchor.offset;
  }

  /** The list was scrolled. Returns whether it is away from its top. */
  scrollTo(top: number, rowHeight: number): boolean {
    const index = Math.min(Math.floor(top / rowHeight), this.#window.length - 1);
    const row = this.#window.rowAt(index);
    if (top <= topSlack || row === undefined) {
      this.toTop();
      return false;
    }
    const offset = top - index * rowHeight;
    const before = this.#anchor.peek();
    if (before?.position !== row.position || before.offset !== offset)
      this.#anchor.value = { position: row.position, offset };
    return true;
  }

  /** Scrolls as little as brings the row at this index into sight. Returns whether the list is then away from its top. */
  bring(index: number, rowHeight: number): boolean {
    const top = this.top(rowHeight);
    const highest = index * rowHeight;
    const lowest = highest + rowHeight - this.height;
    return this.scrollTo(Math.max(lowest, Math.min(top, highest)), rowHeight);
  }

  toTop(): void {
    this.#anchor.value = null;
  }
}
