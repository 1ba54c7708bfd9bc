/** The hub has refused a request: a stable code (contract, section 3) and a sentence for people. */
export class HubError extends Error {
  override readonly name = 'HubError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
