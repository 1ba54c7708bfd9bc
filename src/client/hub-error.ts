/** A request brought no answer: the hub's code (contract, section 3), or one of our own where the hub gave none, such as
 *  `unreachable`, and a sentence for people. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
