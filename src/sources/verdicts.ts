import { httpStatusByCode, type RefusedError } from '../pipeline/codes.ts';
import type { PostAnswer } from '../pipeline/ingest-ports.ts';
import { verdictText, type Outcome } from '../pipeline/outcome.ts';

type Refused = Extract<Outcome, { kind: 'rejected' | 'failed' }>;

/** Collects the outcomes of one batch, in the order of its items, and makes the answer when all are known. */
export class Verdicts {
  readonly #texts: string[] = [];
  #open = 0;
  #accepted = 0;
  #firstFailure: Refused | null = null;
  #isComplete = false;
  #whenSettled: (() => void) | null = null;

  get open(): number {
    return this.#open;
  }

  get count(): number {
    return this.#texts.length;
  }

  /** Takes the next item's place; the outcome goes to the returned function, once. */
  next(): (outcome: Outcome) => void {
    const index = this.#texts.push('') - 1;
    this.#open += 1;
    return (outcome) => {
      this.#texts[index] = verdictText(outcome);
      if (outcome.kind === 'accepted' || outcome.kind === 'duplicate') this.#accepted += 1;
      else if (outcome.kind === 'failed') this.#firstFailure ??= outcome;
      this.#open -= 1;
      this.#settle();
    };
  }

  /** No more items. Resolves when every outcome is known. */
  complete(): Promise<void> {
    return new Promise((resolve) => {
      this.#isComplete = true;
      this.#whenSettled = resolve;
      this.#settle();
    });
  }

  /** The verdicts as a JSON array. */
  list(): string {
    return `[${this.#texts.join(',')}]`;
  }

  /** The answer to a batch: valid items are recorded even when others fail, or when the rest was refused. */
  answer(refusal?: RefusedError): PostAnswer {
    const rejected = this.#texts.length - this.#accepted;
    const head =
      refusal === undefined
        ? `"ok":${String(rejected === 0)}`
        : `"ok":false,"code":"${refusal.code}","error":${JSON.stringify(refusal.message)}`;
    const body = `{${head},"accepted":${String(this.#accepted)},"rejected":${String(rejected)},"results":${this.list()}}`;
    return {
      status: refusal === undefined ? this.#status(rejected) : httpStatusByCode[refusal.code],
      body,
    };
  }

  #status(rejected: number): number {
    if (rejected === 0) return 200;
    if (this.#accepted > 0) return 207;
    return this.#firstFailure === null ? 400 : httpStatusByCode[this.#firstFailure.code];
  }

  #settle(): void {
    if (this.#isComplete && this.#open === 0) this.#whenSettled?.();
  }
}

/** The answer to a single draft. */
export function answerToOne(outcome: Outcome): PostAnswer {
  return { status: statusOf(outcome), body: verdictText(outcome) };
}

function statusOf(outcome: Outcome): number {
  if (outcome.kind === 'accepted') return 201;
  if (outcome.kind === 'duplicate') return 200;
  return httpStatusByCode[outcome.code];
}
