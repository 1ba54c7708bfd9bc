const accepted = '{"ok":true,"id":"';
const zero = 48;

/** Checks the verdicts that answer the drafts of one producer, in the order in which it sent them. Throws on the first
 *  that is not an acceptance, not of the draft whose turn it is, or not at a higher position than the one before. */
export class VerdictCheck {
  readonly #ids: readonly (string | undefined)[];
  #count = 0;
  #position = 0;

  /** `ids` are those of the drafts; undefined where the hub makes one. */
  constructor(ids: readonly (string | undefined)[]) {
    this.#ids = ids;
  }

  get count(): number {
    return this.#count;
  }

  /** Looks at the verdict that lies in `text` between `start` and `end`. */
  check(text: string, start: number, end: number): void {
    const id = this.#ids[this.#count];
    const position = positionBefore(text, end - 1);
    const isRight =
      this.#count < this.#ids.length &&
      text.startsWith(accepted, start) &&
      (id === undefined || text.startsWith(`${id}"`, start + accepted.length)) &&
      position > this.#position;
    if (!isRight) {
      const got = text.slice(start, end);
      throw new Error(`answer ${String(this.#count)}: expected id ${id ?? 'of the hub'} accepted; got ${got}`);
    }
    this.#position = position;
    this.#count += 1;
  }
}

/** Cuts the answers on one TCP connection into lines and has each checked. */
export class AnswerLines {
  readonly #verdicts: VerdictCheck;
  /** The beginning of an answer whose end has not come yet. */
  #rest = '';

  constructor(verdicts: VerdictCheck) {
    this.#verdicts = verdicts;
  }

  /** Throws when an answer is not as it should be, or comes before its line was `sent`. */
  read(chunk: Buffer, sent: number): void {
    const text = this.#rest + chunk.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (this.#verdicts.count === sent) throw new Error(`one answer too many: ${text.slice(start, end)}`);
      this.#verdicts.check(text, start, end);
      start = end + 1;
    }
    this.#rest = text.slice(start);
  }
}

/** The number that stands before `end` as a verdict's last field, or 0: a duplicate ends with another one. */
function positionBefore(text: string, end: number): number {
  let start = end;
  while (isDigit(text.charCodeAt(start - 1))) start -= 1;
  if (!text.startsWith('"position":', start - 11)) return 0;
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + text.charCodeAt(at) - zero;
  return value;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9;
}
