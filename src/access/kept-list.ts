import fs from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

interface Changed<Item, Result> {
  readonly items: readonly Item[];
  readonly result: Result;
}

/** A short list in a file that its owner alone can read. The file is replaced whole and synced, so that at any moment it is
 *  the old or the new list. For one writer at a time: whoever holds the data directory. */
export class KeptList<Item> {
  readonly #file: string;
  #items: readonly Item[];
  #isMade: boolean;
  #last: Promise<unknown> = Promise.resolve();

  /** Throws, with a message for people, when there is a file and it does not hold items as `isItem` knows them: who is let
   *  in must not depend on a file that nobody can read. */
  constructor(file: string, isItem: (value: unknown) => value is Item) {
    this.#file = file;
    const items = read(file, isItem);
    this.#items = items ?? [];
    this.#isMade = items !== null;
  }

  get items(): readonly Item[] {
    return this.#items;
  }

  /** Whether there ever was a list, an empty one included. */
  get isMade(): boolean {
    return this.#isMade;
  }

  /** Puts the list that `change` makes in place of this one, on the disk first, and resolves with what else it makes. One
   *  change after the other. Rejects when the list cannot be kept, or with what `change` throws: it is as before. */
  change<Result>(change: (items: readonly Item[]) => Changed<Item, Result>): Promise<Result> {
    const done = this.#last.then(async () => {
      const { items, result } = change(this.#items);
      await replaceDurably(this.#file, `${JSON.stringify({ version: 1, items })}\n`);
      this.#items = items;
      this.#isMade = true;
      return result;
    });
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when every change that was asked for is done. */
  async settled(): Promise<void> {
    await this.#last;
  }
}

function read<Item>(file: string, isItem: (value: unknown) => value is Item): readonly Item[] | null {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`${file}: cannot be read; ${(error as Error).message}`, { cause: error });
  }
  const items = itemsIn(text);
  if (items?.every(isItem) === true) return items;
  throw new Error(
    `${file}: is damaged, or of a newer program; put back a good copy, or remove it if everyone on this machine may be let in`,
  );
}

function itemsIn(text: string): readonly unknown[] | undefined {
  try {
    const { version, items } = JSON.parse(text) as { version?: unknown; items?: unknown };
    return version === 1 && Array.isArray(items) ? items : undefined;
  } catch {
    return undefined;
  }
}

async function replaceDurably(file: string, text: string): Promise<void> {
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
  const directory = await open(path.dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
