import type { Draft } from '../client/publisher.ts';
import type { Verdict } from '../client/verdict.ts';
import { importChannel } from '../pipeline/alerting/hub-events.ts';
import { parseDraft } from '../pipeline/draft.ts';
import { importLimits } from '../pipeline/draft-limits.ts';
import type { EventDraft, JsonValue } from '../pipeline/event.ts';
import type { EventLog } from '../pipeline/event-log.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import type { Delivery, Tally } from './delivery.ts';

/** Drafts of one commit. */
const batchSize = 1_000;

type Waiting = { readonly draft: EventDraft; readonly number: number };

/** Records imported drafts in a log that no hub holds: what {@link Delivery} does through a hub. */
export class LogDelivery implements Pick<Delivery, 'send' | 'finish' | 'stop' | 'tally' | 'isOver' | 'outage'> {
  readonly outage = undefined;
  readonly #log: EventLog;
  readonly #onVerdict: (verdict: Verdict, number: number) => void;
  #waiting: Waiting[] = [];
  #tally = { sent: 0, acknowledged: 0, duplicates: 0, rejected: 0 };
  #failure: string | undefined;

  /** Takes over the log. */
  constructor(log: EventLog, onVerdict: (verdict: Verdict, number: number) => void) {
    this.#log = log;
    this.#onVerdict = onVerdict;
  }

  get tally(): Tally {
    return this.#tally;
  }

  get isOver(): boolean {
    return this.#failure !== undefined;
  }

  async send(draft: Draft, number: number): Promise<void> {
    if (this.isOver) return;
    this.#tally.sent += 1;
    const parsed = parseDraft(draft as Readonly<Record<string, JsonValue>>, true, undefined, importLimits);
    if (!parsed.ok) {
      this.#settle(parsed.outcome, number);
      return;
    }
    this.#waiting.push({ draft: parsed.draft, number });
    if (this.#waiting.length >= batchSize) await this.#append();
  }

  async finish(): Promise<readonly string[]> {
    if (!this.isOver) await this.#append();
    await this.#log.close();
    return this.#failure === undefined ? [] : [this.#failure];
  }

  stop(failure: string): void {
    this.#failure ??= failure;
  }

  async #append(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    const { outcomes } = await this.#log.append(batch.map(({ draft }) => ({ draft, channel: importChannel })));
    for (const [index, { number }] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) this.#settle(outcome, number);
    }
  }

  #settle(outcome: Outcome, number: number): void {
    if (outcome.kind === 'failed') {
      this.stop(`line ${String(number)}: ${outcome.code}: ${outcome.error}`);
    } else if (outcome.kind === 'rejected') {
      this.#tally.rejected += 1;
      this.#onVerdict({ ok: false, code: outcome.code, error: outcome.error }, number);
    } else {
      this.#tally.acknowledged += 1;
      if (outcome.kind === 'duplicate') this.#tally.duplicates += 1;
    }
  }
}
