import { batch, signal } from '@preact/signals';
import type { EventWindow } from './event-window.ts';
import type { Hold } from './hold.ts';
import type { Row } from './row.ts';

/** The row the reader chose. Choosing one holds the list still; it stays chosen when the list follows again, and even when
 *  the window lets go of it. */
export class Selection {
  readonly row = signal<Row | null>(null);
  readonly #window: EventWindow;
  readonly #hold: Hold;

  constructor(window: EventWindow, hold: Hold) {
    this.#window = window;
    this.#hold = hold;
  }

  choose(row: Row): void {
    batch(() => {
      this.row.value = row;
      this.#hold.isReading.value = true;
    });
  }

  /** Chooses without holding the list. */
  mark(row: Row): void {
    this.row.value = row;
  }

  /** Moves by `step` rows, down for more than 0, and begins at `from` (an index) when none is chosen. */
  move(step: number, from: number): void {
    const chosen = this.row.peek();
    this.moveTo(chosen === null ? from : this.#window.indexOf(chosen.position) + step);
  }

  /** Chooses the row at an index, or the nearest there is. */
  moveTo(index: number): void {
    const row = this.#window.rowAt(Math.max(0, Math.min(index, this.#window.length - 1)));
    if (row !== undefined) this.choose(row);
  }

  clear(): void {
    batch(() => {
      this.row.value = null;
      this.#hold.isReading.value = false;
    });
  }
}
