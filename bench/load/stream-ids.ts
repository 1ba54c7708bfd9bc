/** Checks what Redis answers to XADD on one connection: the id of each entry, higher than the one before. */
export class StreamIds {
  #count = 0;
  /** Its milliseconds, and its number in them. */
  #last: readonly [number, number] = [0, -1];
  /** The beginning of an answer whose end has not come yet. */
  #rest = '';

  get count(): number {
    return this.#count;
  }

  /** Throws when an answer is not as it should be, or comes before its command was `sent`. */
  read(chunk: Buffer, sent: number): void {
    const text = this.#rest + chunk.toString('latin1');
    let start = 0;
    for (let end = endOfAnswer(text, start); end > 0; end = endOfAnswer(text, start)) {
      this.#check(text.slice(start, end), sent);
      start = end;
    }
    this.#rest = text.slice(start);
  }

  #check(answer: string, sent: number): void {
    const [, length, id, ms, number] = /^\$(\d+)\r\n((\d+)-(\d+))\r\n$/.exec(answer) ?? [];
    const [lastMs, lastNumber] = this.#last;
    const next = [Number(ms), Number(number)] as const;
    const isHigher = next[0] > lastMs || (next[0] === lastMs && next[1] > lastNumber);
    if (this.#count === sent || id?.length !== Number(length) || !isHigher) {
      throw new Error(`answer ${String(this.#count)}: expected an id after ${this.#last.join('-')}; got ${answer}`);
    }
    this.#last = next;
    this.#count += 1;
  }
}

/** Behind the second line of a bulk string, or the one line of anything else; 0 while it is incomplete. */
function endOfAnswer(text: string, start: number): number {
  const lineEnd = endOfLine(text, start);
  return lineEnd === 0 || text[start] !== '$' ? lineEnd : endOfLine(text, lineEnd);
}

function endOfLine(text: string, start: number): number {
  const at = text.indexOf('\r\n', start);
  return at < 0 ? 0 : at + 2;
}
