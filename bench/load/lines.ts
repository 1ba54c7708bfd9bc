import { createDrafts } from '../drafts.ts';

/** Drafts in the form in which they are sent, made before the clock runs. */
export class Lines {
  readonly ids: readonly (string | undefined)[];
  readonly #bytes: Buffer;
  /** Where each line ends; the first entry is where the first one begins. */
  readonly #ends: readonly number[];

  constructor(seed: number, count: number) {
    const next = createDrafts(seed, Date.now());
    const ids: (string | undefined)[] = [];
    const ends = [0];
    let text = '';
    const blocks: Buffer[] = [];
    let length = 0;
    for (let made = 0; made < count; made += 1) {
      const draft = next();
      ids.push(draft.id);
      text += `${draft.text}\n`;
      length += Buffer.byteLength(draft.text) + 1;
      ends.push(length);
      if (text.length < 65_536) continue;
      blocks.push(Buffer.from(text));
      text = '';
    }
    this.ids = ids;
    this.#ends = ends;
    this.#bytes = Buffer.concat([...blocks, Buffer.from(text)]);
  }

  get count(): number {
    return this.ids.length;
  }

  /** The lines from `first` up to, not including, `end`, as one piece of memory. */
  slice(first: number, end: number): Buffer {
    return this.#bytes.subarray(this.#ends[first], this.#ends[end]);
  }
}
