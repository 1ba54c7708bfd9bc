import { RefusedError } from '../codes.ts';
import { allOf, anyOf, everything, noneOf, type Query } from './ast.ts';
import { Cursor } from './cursor.ts';
import { readField } from './field.ts';
import { fieldTerm, phraseTerm } from './term.ts';
import { readWord } from './word.ts';

/** In UTF-8. */
const maxQueryBytes = 2_048;
/** Parentheses and negations inside one another: far more than a person writes, far less than a stack holds. */
const maxNesting = 64;

const keyword = /(AND|OR|NOT)(?=[\s()]|$)/y;

/**
 * Reads the query language:
 *
 *     severity>=error source:sw-* -channel:tcp (key:disk OR key:raid) "link down" since:2h
 *
 * Terms side by side, or with `AND`, must all match; `NOT` or `-` before a term binds tighter, `OR` looser. A bare word
 * or a quoted phrase is found anywhere inside message or source, `:` compares a field's whole value, and an unquoted
 * `*` is any run of characters in both. Blank text matches everything. Spans count back from `now`.
 *
 * Throws a {@link RefusedError} `invalid_query` that says what was expected, and at which column.
 */
export function parseQuery(text: string, now: number): Query {
  requireSize(text);
  const parser = new Parser(new Cursor(text.toWellFormed()), now);
  return parser.query();
}

function requireSize(text: string): void {
  const fitting = new TextEncoder().encodeInto(text, new Uint8Array(maxQueryBytes)).read;
  if (fitting === text.length) return;
  const limit = `at most ${String(maxQueryBytes)} bytes, which end at column ${String(fitting + 1)}`;
  throw new RefusedError('invalid_query', `expected ${limit}; got ${String(text.length)} characters`);
}

class Parser {
  readonly #cursor: Cursor;
  readonly #now: number;
  #nesting = 0;

  constructor(cursor: Cursor, now: number) {
    this.#cursor = cursor;
    this.#now = now;
  }

  query(): Query {
    this.#cursor.skipSpace();
    if (this.#cursor.isAtEnd()) return everything;
    const query = this.#or();
    if (!this.#cursor.isAtEnd()) throw this.#cursor.expected('a term or the end of the query (no "(" is open)');
    return query;
  }

  #or(): Query {
    const queries: [Query, ...Query[]] = [this.#and()];
    while (this.#takeKeyword('OR')) queries.push(this.#and());
    return anyOf(queries);
  }

  #and(): Query {
    const queries: Query[] = [];
    do {
      queries.push(this.#not());
    } while (this.#takeKeyword('AND') || this.#termFollows());
    return allOf(queries);
  }

  #not(): Query {
    this.#cursor.skipSpace();
    const at = this.#cursor.at;
    if (this.#takeKeyword('NOT')) return this.#nested(at, () => noneOf(this.#not()));
    if (!this.#cursor.take('-')) return this.#primary();
    if (this.#cursor.isAtSpace()) throw this.#cursor.expected('a term right after "-"');
    return this.#nested(at, () => noneOf(this.#not()));
  }

  #primary(): Query {
    const cursor = this.#cursor;
    const at = cursor.at;
    if (cursor.look(keyword) !== null) throw cursor.expected('a term');
    if (cursor.take('(')) return this.#nested(at, () => this.#group());
    const field = readField(cursor);
    if (field === null) return phraseTerm(readWord(cursor, 'a term'));
    return fieldTerm(cursor, field, readWord(cursor, 'a value'), this.#now);
  }

  #group(): Query {
    const query = this.#or();
    if (!this.#cursor.take(')')) throw this.#cursor.expected('")"');
    return query;
  }

  #nested(at: number, read: () => Query): Query {
    this.#nesting += 1;
    if (this.#nesting > maxNesting) {
      throw this.#cursor.expected(`at most ${String(maxNesting)} parentheses and negations inside one another`, at);
    }
    const query = read();
    this.#nesting -= 1;
    return query;
  }

  #termFollows(): boolean {
    this.#cursor.skipSpace();
    return !this.#cursor.isAtEnd() && this.#cursor.char() !== ')' && this.#cursor.look(keyword)?.[1] !== 'OR';
  }

  /** Moves behind spaces, and behind the keyword when it is the one that follows. */
  #takeKeyword(wanted: string): boolean {
    this.#cursor.skipSpace();
    if (this.#cursor.look(keyword)?.[1] !== wanted) return false;
    this.#cursor.at += wanted.length;
    return true;
  }
}
