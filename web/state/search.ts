import { batch, effect, signal, untracked } from '@preact/signals';
import { RefusedError } from '../../src/pipeline/codes.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';
import { withTerm } from '../query/terms.ts';

/** Where the query of the view is remembered: the address of the page. */
export interface Address {
  read(): string;
  /** `isStep`: worth a step of the browser's Back, unlike each letter of a word that is being typed. */
  write(query: string, isStep: boolean): void;
  /** Calls back when Back or Forward led to another query. */
  onMove(moved: (query: string) => void): void;
}

export interface SearchProblem {
  readonly message: string;
  /** Which character it is about, counted from 0; undefined when the message names no column. */
  readonly at: number | undefined;
}

/** Long enough to finish a word, short enough to feel at once. */
const settleMs = 250;

/** What is in the search box, and which query of it is in force. Text that is no query changes nothing but the message
 *  under the box. */
export class Search {
  readonly draft;
  readonly query;
  readonly problem = signal<SearchProblem | null>(null);
  readonly #address: Address;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTyping = false;

  constructor(address: Address) {
    this.#address = address;
    this.draft = signal(address.read());
    this.query = signal(this.draft.peek().trim());
    address.onMove((query) => this.#show(query));
  }

  /** Calls `run` with the query in force, now and whenever another one is. */
  whenChanged(run: (query: string) => void): void {
    effect(() => {
      const query = this.query.value;
      untracked(() => run(query));
    });
  }

  /** The text of the box changed; it is put in force once the typing pauses. */
  type(text: string): void {
    this.draft.value = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#apply(!this.#isTyping);
      this.#isTyping = true;
    }, settleMs);
  }

  /** Puts the text of the box in force now; what is typed next is a new step of Back. */
  commit(): void {
    clearTimeout(this.#timer);
    this.#apply(!this.#isTyping);
    this.#isTyping = false;
  }

  /** Replaces the text and puts it in force. */
  set(text: string): void {
    this.draft.value = text;
    this.#isTyping = false;
    this.commit();
  }

  /** Narrows the search by one more term. */
  add(term: string): void {
    this.set(withTerm(this.query.peek(), term));
  }

  /** The hub could not read the query in force. */
  refuse(message: string): void {
    this.problem.value = problemOf(message);
  }

  #apply(isStep: boolean): void {
    const query = this.draft.peek().trim();
    this.problem.value = check(query);
    if (this.problem.peek() !== null || query === this.query.peek()) return;
    this.#address.write(query, isStep);
    this.query.value = query;
  }

  #show(query: string): void {
    clearTimeout(this.#timer);
    this.#isTyping = false;
    batch(() => {
      this.draft.value = query;
      this.problem.value = check(query);
      if (this.problem.peek() === null) this.query.value = query.trim();
    });
  }
}

function check(query: string): SearchProblem | null {
  try {
    parseQuery(query, Date.now());
    return null;
  } catch (error) {
    if (error instanceof RefusedError) return problemOf(error.message);
    throw error;
  }
}

function problemOf(message: string): SearchProblem {
  const column = /at column (\d+)/.exec(message)?.[1];
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return { message: sentence, at: column === undefined ? undefined : Number(column) - 1 };
}
