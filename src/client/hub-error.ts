/** A request brought no answer: the hub's code (contract, section 3), or one of our own where the hub gave none, such as
 *  `unreachable`, and a sentence for people. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: string;
  /** How long the hub wants to be left alone, where it says so. */
  readonly retryAfterMs: number | null;

  constructor(code: string, message: string, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
