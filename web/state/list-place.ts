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
  #drawn: { readonly position: Position; readonly index: number } | null = null;
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

  /** Remembers one of the rows that are on the page now, and its index there: rows that come before the next drawing do not
   *  change what a pixel means until then. */
  draw(position: Position, index: number): void {
    this.#drawn = { position, index };
  }

  /** The list was scrolled. Returns whether it is away from its top. */
  scrollTo(top: number, rowHeight: number): boolean {
    const drawn = this.#drawn;
    const shift = drawn === null ? 0 : this.#window.indexOf(drawn.position) - drawn.index;
    return this.#anchorAt(top + shift * rowHeight, rowHeight, top <= topSlack);
  }

  /** Scrolls as little as brings the row at this index into sight. Returns whether the list is then away from its top. */
  bring(index: number, rowHeight: number): boolean {
    const highest = index * rowHeight;
    const lowest = highest + rowHeight - this.height;
    const top = Math.max(lowest, Math.min(this.top(rowHeight), highest));
    return this.#anchorAt(top, rowHeight, top <= topSlack);
  }

  #anchorAt(top: number, rowHeight: number, isTop: boolean): boolean {
    const index = Math.max(0, Math.min(Math.floor(top / rowHeight), this.#window.length - 1));
    const row = this.#window.rowAt(index);
    // Above a cut window is more, so its first row is not the top.
    if (row === undefined || (isTop && !this.#window.isCut)) {
      this.toTop();
      return false;
    }
    const offset = top - index * rowHeight;
    const before = this.#anchor.peek();
    if (before?.position !== row.position || before.offset !== offset)
      this.#anchor.value = { position: row.position, offset };
    return true;
  }

  toTop(): void {
    this.#anchor.value = null;
  }
}
