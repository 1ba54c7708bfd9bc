export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Reads the answers on one connection on which one request is under way at a time. Knows only bodies with a
 *  `Content-Length`, which is what both servers of the benchmark send. */
export class HttpAnswerReader {
  #text = '';
  #bodyAt = 0;
  #endAt = 0;
  #status = 0;

  /** The answer that is complete with this chunk, or undefined. */
  read(chunk: Buffer): HttpAnswer | undefined {
    this.#text += chunk.toString('latin1');
    if (this.#bodyAt === 0) this.#readHead();
    if (this.#bodyAt === 0 || this.#text.length < this.#endAt) return undefined;
    if (this.#text.length > this.#endAt) throw new Error(`an answer too many: ${this.#text.slice(this.#endAt)}`);
    const answer = { status: this.#status, body: this.#text.slice(this.#bodyAt) };
    this.#text = '';
    this.#bodyAt = 0;
    return answer;
  }

  #readHead(): void {
    const headEnd = this.#text.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const head = this.#text.slice(0, headEnd);
    const length = /\r\nContent-Length: (\d+)/i.exec(head)?.[1];
    if (!head.startsWith('HTTP/1.1 ') || length === undefined) throw new Error(`not an answer with a length: ${head}`);
    this.#status = Number(head.slice(9, 12));
    this.#bodyAt = headEnd + 4;
    this.#endAt = this.#bodyAt + Number(length);
  }
}
