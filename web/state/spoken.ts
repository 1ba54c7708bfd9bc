import { signal } from '@preact/signals';

/** Between two announcements; a screen reader that is interrupted every second says nothing. */
const restMs = 6_000;

/** What a screen reader is to say: at once when it has been silent for a while, else the latest text after the pause. */
export class Spoken {
  readonly text = signal('');
  #saidAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    if (text === this.text.peek()) return;
    const wait = Math.max(0, this.#saidAt + restMs - Date.now());
    this.#timer = setTimeout(() => {
      this.#saidAt = Date.now();
      this.text.value = text;
    }, wait);
  }
}
