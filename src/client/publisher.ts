import type { Backoff } from './backoff.ts';
import type { Pending } from './pending-queue.ts';
import type { Verdict } from './verdict.ts';

/** What a producer sends: `message` and any other field of contract section 2. It is the hub that checks them. */
export type Draft = Readonly<Record<string, unknown>>;

export type PublisherStatus =
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'open' }
  /** `retryAt` in milliseconds since 1970. */
  | { readonly state: 'waiting'; readonly retryAt: number; readonly reason: string };

/** Sends drafts and resends the same ones, with the same ids, until the hub has answered: nothing is lost or doubled
 *  when a connection breaks or the hub restarts. */
export interface Publisher {
  /** Resolves with the hub's verdict; a refused draft is a verdict too. Never rejects. A draft without an id gets a
   *  UUIDv7. Drafts are sent in the order of the calls. */
  publish(draft: Draft): Promise<Verdict>;
  /** Resolves when there is room: a caller that awaits this before each `publish` holds a bounded number in memory. */
  ready(): Promise<void>;
  /** Resolves when every draft so far has its verdict. */
  drain(): Promise<void>;
  /** Gives up what has no verdict: it resolves as `in_doubt` when it may have reached the hub, else as `unavailable`. */
  close(): void;
}

export interface PublisherOptions {
  /** How many drafts may be on their way unanswered. */
  readonly window?: number;
  readonly backoff?: Backoff;
  readonly onStatus?: (status: PublisherStatus) => void;
}

/** One way to reach a hub. */
export interface Transport {
  /** Begins to connect; tells the listener nothing before it has returned. Throws when there is no hub to connect to. */
  open(listener: CarrierListener): Carrier;
  readonly window: number;
  /** How much one `send` takes. */
  readonly maxRun: number;
  readonly maxRunBytes: number;
  /** Whether a run may be sent before the one before it is answered. */
  readonly isPipelined: boolean;
}

/** One connection that carries drafts. */
export interface Carrier {
  /** Sends drafts, in this order. Each is answered, or the carrier goes down. */
  send(run: readonly Pending[]): void;
  /** Ends it. What it tells afterwards is not listened to. */
  end(): void;
}

export interface CarrierListener {
  /** It takes drafts from now on. */
  up(): void;
  answer(pending: Pending, verdict: Verdict, retryAfterMs?: number): void;
  /** It carries no more. What is unanswered is sent over the next one, unless there is a final verdict on everything. */
  down(reason: string, final?: Verdict): void;
}
