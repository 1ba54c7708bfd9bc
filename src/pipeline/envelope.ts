import type { AppendItem } from './event-log.ts';
import type { Outcome } from './outcome.ts';

/** Something on its way to the log, with how whoever sent it is answered. */
export type Envelope = AppendItem & {
  /** Size as it was sent, which counts against the backlog. */
  readonly bytes: number;
  /** Answers the producer. Called exactly once, in the order in which one connection's envelopes were emitted. */
  readonly settle: (outcome: Outcome) => void;
};
