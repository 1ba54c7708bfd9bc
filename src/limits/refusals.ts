/** What the hub refuses, each by the name that it has in the metrics. */
export const limitNames = [
  'connections',
  'connects',
  'token_connections',
  'token_connects',
  'events',
  'bytes',
  'token_events',
  'token_bytes',
  'subscriptions',
  'token_subscriptions',
  'history_reads',
  'token_history_reads',
  'frames',
  'body_memory',
  'answer_memory',
  'idle',
  'unfinished_input',
  'unread_answers',
  'proxy_header',
  'wrong_tokens',
  'logins',
] as const;
export type LimitName = (typeof limitNames)[number];

/** How often each limit was met since the start. */
export class Refusals {
  readonly #counts = new Map<LimitName, number>(limitNames.map((name) => [name, 0]));

  readonly count = (name: LimitName): void => {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  };

  get counts(): ReadonlyMap<LimitName, number> {
    return this.#counts;
  }
}
