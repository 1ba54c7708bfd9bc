import { batch, computed, signal } from '@preact/signals';

/** Why the list holds still. It follows only while none of these is true, so that nothing jumps under the reader's hand. */
export class Hold {
  /** By the button or the space key; lasts until it is taken back. */
  readonly isPaused = signal(false);
  /** The list is scrolled away from its top. */
  readonly isScrolled = signal(false);
  /** A row was chosen to be read. */
  readonly isReading = signal(false);
  /** The pointer moves over the rows: for the moment of a click they stay under it. Too short to be mentioned. */
  readonly isAimed = signal(false);
  /** More comes than anyone reads. */
  readonly isFlooded = signal(false);
  /** The reader wants to watch the flood all the same. */
  readonly isFloodWatched = signal(false);

  readonly isCounting = computed(() => this.isFlooded.value && !this.isFloodWatched.value);
  /** Held for a reason that the reader should be told. */
  readonly isStill = computed(
    () => this.isPaused.value || this.isScrolled.value || this.isReading.value || this.isCounting.value,
  );
  readonly isHeld = computed(() => this.isStill.value || this.isAimed.value);

  /** Pauses, or follows again whatever held the list. */
  toggle(): void {
    if (this.isStill.peek()) this.resume();
    else this.isPaused.value = true;
  }

  /** Follows again, whatever held it. A chosen row stays chosen. */
  resume(): void {
    batch(() => {
      this.isFloodWatched.value = this.isFlooded.peek();
      this.isPaused.value = false;
      this.isScrolled.value = false;
      this.isReading.value = false;
      this.isAimed.value = false;
    });
  }

  /** The list is at its top again by the reader's own scrolling: that resumes, unless it was paused on purpose. */
  reachTop(): void {
    if (this.isScrolled.peek()) this.startOver();
  }

  /** Another search begins at its top, with nothing chosen. */
  startOver(): void {
    batch(() => {
      this.isScrolled.value = false;
      this.isReading.value = false;
    });
  }

  setFlooded(isFlooded: boolean): void {
    batch(() => {
      this.isFlooded.value = isFlooded;
      if (!isFlooded) this.isFloodWatched.value = false;
    });
  }
}
