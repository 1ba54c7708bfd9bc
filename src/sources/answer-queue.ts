/** Answers in the order of the questions, whatever order they become known in. */
export class AnswerQueue {
  readonly #write: (answers: readonly string[]) => void;
  /** Answers from `#first` on; undefined where one is still open. */
  #answers: (string | undefined)[] = [];
  #first = 0;
  #isScheduled = false;

  /** `write` is given as many answers at once as became known in one turn. */
  constructor(write: (answers: readonly string[]) => void) {
    this.#write = write;
  }

  get open(): number {
    return this.#answers.length;
  }

  /** Takes the next place and returns its ticket. */
  ask(): number {
    this.#answers.push(undefined);
    return this.#first + this.#answers.length - 1;
  }

  answer(ticket: number, text: string): void {
    this.#answers[ticket - this.#first] = text;
    if (this.#isScheduled || this.#answers[0] === undefined) return;
    this.#isScheduled = true;
    // After the whole batch is settled: one write for each connection instead of one for each event.
    queueMicrotask(() => {
      this.#flush();
    });
  }

  #flush(): void {
    this.#isScheduled = false;
    const stillOpen = this.#answers.indexOf(undefined);
    const known = stillOpen < 0 ? this.#answers : this.#answers.slice(0, stillOpen);
    this.#answers = stillOpen < 0 ? [] : this.#answers.slice(stillOpen);
    this.#first += known.length;
    this.#write(known as string[]);
  }
}
