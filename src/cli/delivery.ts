import type { Draft, Publisher, PublisherStatus } from '../client/publisher.ts';
import { isPassing, type Verdict } from '../client/verdict.ts';
import { GiveUp } from './give-up.ts';
import { counted, spanInWords } from './numbers.ts';
import { openTarget, type TargetOptions, type TargetPath } from './target.ts';

export interface DeliveryOptions {
  readonly target: TargetOptions & TargetPath & { readonly env: NodeJS.ProcessEnv };
  /** How long nothing may be acknowledged. */
  readonly giveUpAfterMs: number;
  /** Told about every draft that the hub has taken or refused; `number` is what `send` was given with it. */
  readonly onVerdict: (verdict: Verdict, number: number) => void;
  /** What the numbers count: `line`, `position`. */
  readonly noun: string;
  /** A line for people. */
  readonly note: (line: string) => void;
  /** It has ended before it was finished: nothing more is sent. */
  readonly onOver: () => void;
}

export interface Tally {
  readonly sent: number;
  /** Recorded now, or before. */
  readonly acknowledged: number;
  readonly duplicates: number;
  readonly rejected: number;
}

/** Wide enough to keep a busy hub's commits full, and not over 128 MiB of drafts however large they are. */
const window = 1_024;
/** Someone may be waiting for a hub that is back within seconds. */
const backoff = { baseMs: 250, maxMs: 3_000 };

/** Sends drafts to a hub until each is acknowledged or refused, over outages of the hub, and counts. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #giveUp: GiveUp;
  readonly #unanswered: number[] = [];
  #tally = { sent: 0, acknowledged: 0, duplicates: 0, rejected: 0 };
  #publisher: Publisher | null = null;
  #name = '';
  #open = 0;
  /** Why the hub cannot be reached at present. */
  #outage: string | undefined;
  /** Why it ended early. */
  #failure: string | undefined;

  private constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#giveUp = new GiveUp(options.giveUpAfterMs, () => this.#giveUpNow());
  }

  static async open(options: DeliveryOptions): Promise<Delivery> {
    const delivery = new Delivery(options);
    const { name, publisher } = await openTarget(options.target, {
      window,
      backoff,
      onStatus: (status) => delivery.#status(status),
    });
    delivery.#name = name;
    delivery.#publisher = publisher;
    return delivery;
  }

  get tally(): Tally {
    return this.#tally;
  }

  get isOver(): boolean {
    return this.#failure !== undefined;
  }

  /** What a progress line adds while nothing moves. */
  get outage(): string | undefined {
    return this.#outage;
  }

  /** Resolves when the draft is on its way, or waits its turn in memory; that many are bounded. */
  async send(draft: Draft, number: number): Promise<void> {
    await this.#publisher?.ready();
    if (this.isOver || this.#publisher === null) return;
    this.#tally.sent += 1;
    this.#open += 1;
    this.#giveUp.watch();
    void this.#publisher.publish(draft).then((verdict) => this.#settle(verdict, number));
  }

  /** Waits for every verdict. Resolves with why not all of them came, in lines for people; with none when they did. */
  async finish(): Promise<readonly string[]> {
    await this.#publisher?.drain();
    this.#giveUp.rest();
    this.#publisher?.close();
    return this.#failure === undefined ? [] : [this.#failure, ...this.#whatIsMissing()];
  }

  /** Ends it now. */
  stop(failure: string): void {
    if (this.#failure !== undefined) return;
    this.#failure = failure;
    this.#publisher?.close();
    this.#options.onOver();
  }

  #settle(verdict: Verdict, number: number): void {
    this.#open -= 1;
    if (this.#open === 0) this.#giveUp.rest();
    this.#giveUp.moved();
    if (verdict.ok) {
      this.#tally.acknowledged += 1;
      if (verdict.duplicate === true) this.#tally.duplicates += 1;
    } else if (isPassing(verdict.code) || verdict.code === 'unauthorized') {
      // Only a publisher that is closed says so for good.
      this.#unanswered.push(number);
      if (verdict.code === 'unauthorized')
        this.stop(`${this.#name} wants a valid token (${verdict.error}); set HUB_TOKEN`);
      return;
    } else {
      this.#tally.rejected += 1;
    }
    this.#options.onVerdict(verdict, number);
  }

  #status(status: PublisherStatus): void {
    if (status.state === 'waiting') {
      if (this.#outage === undefined) this.#options.note(`${this.#name}: ${status.reason}; trying again`);
      this.#outage = status.reason;
    } else if (status.state === 'open' && this.#outage !== undefined) {
      this.#outage = undefined;
      this.#options.note(`${this.#name}: connected again`);
    }
  }

  #giveUpNow(): void {
    const reason = this.#outage ?? 'the hub does not answer';
    const where = 'start the hub with "alert-hub serve", or say where it is with --tcp HOST:PORT';
    const waited = spanInWords(this.#options.giveUpAfterMs);
    this.stop(`gave up: ${this.#name} acknowledged nothing for ${waited} (${reason}); ${where}`);
  }

  #whatIsMissing(): readonly string[] {
    const [first, last] = [this.#unanswered[0], this.#unanswered.at(-1)];
    if (first === undefined || last === undefined || this.#tally.sent === 1) return [];
    const { noun } = this.#options;
    const which = first === last ? `${noun} ${first}` : `${noun}s ${first} to ${last}`;
    return [`not acknowledged: ${counted(this.#unanswered.length, 'event')} (${which})`];
  }
}
