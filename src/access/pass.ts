import type { Principal, Role, SourceList } from '../pipeline/access.ts';

export interface PassOptions {
  readonly name: string;
  readonly token?: string;
  readonly role: Role;
  readonly sources?: readonly string[] | null;
  /** When it ends by itself, in milliseconds since 1970, Infinity for never; undefined when it is not in force any more. */
  readonly end?: () => number | undefined;
}

/** One principal, the same for all that is open by it. */
export class Pass implements Principal {
  readonly name: string;
  readonly token: string | null;
  readonly role: Role;
  readonly sources: SourceList;
  readonly #end: () => number | undefined;
  readonly #onEnd = new Set<() => void>();
  #isEnded = false;

  constructor({ name, token, role, sources = null, end = () => Infinity }: PassOptions) {
    this.name = name;
    this.token = token ?? null;
    this.role = role;
    this.sources = sources === null ? null : new Set(sources);
    this.#end = end;
  }

  get expires(): number | null {
    const end = this.#end() ?? 0;
    return end === Infinity ? null : end;
  }

  isOver(now: number): boolean {
    return (this.#end() ?? 0) <= now;
  }

  onEnd(callback: () => void): () => void {
    if (this.#isEnded) callback();
    else this.#onEnd.add(callback);
    return () => this.#onEnd.delete(callback);
  }

  /** Closes what is open by it. */
  end(): void {
    this.#isEnded = true;
    for (const callback of this.#onEnd) callback();
    this.#onEnd.clear();
  }
}
