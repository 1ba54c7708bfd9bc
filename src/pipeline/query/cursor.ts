import { RefusedError } from '../codes.ts';
import { shown } from '../field-error.ts';

const space = /\s/;

/** A place in the text of a query. Columns in messages count from 1, in UTF-16 units as an editor's caret does. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  char(): string | undefined {
    return this.text[this.at];
  }

  isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  isAtSpace(): boolean {
    return space.test(this.char() ?? '');
  }

  skipSpace(): void {
    while (this.isAtSpace()) this.at += 1;
  }

  /** Whether `char` stands here; if so, moves behind it. */
  take(char: string): boolean {
    if (this.char() !== char) return false;
    this.at += 1;
    return true;
  }

  /** What a sticky `pattern` finds here, without moving. */
  look(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text);
  }

  /** The refusal of what stands at `at`. */
  expected(what: string, at = this.at): RefusedError {
    const got = /^\S+/.exec(this.text.slice(at))?.[0];
    const found = at >= this.text.length ? 'the end of the query' : got === undefined ? 'a space' : shown(got);
    return new RefusedError('invalid_query', `expected ${what} at column ${String(at + 1)}; got ${found}`);
  }
}
