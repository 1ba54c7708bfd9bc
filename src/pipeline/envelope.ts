import type { EventDraft } from './event.ts';
import type { Outcome } from './outcome.ts';

/** A draft on its way to the log, with where it came from and how its producer is answered. */
export interface Envelope {
  readonly draft: EventDraft;
  readonly channel: string;
  /** Size of the draft as it was sent, which counts against the backlog. */
  readonly bytes: number;
  /** Answers the producer. Called exactly once, in the order in which one connection's envelopes were emitted. */
  settle(outcome: Outcome): void;
}
