/** Sends a mail that says it is a test, and gives the mail server's answer. */
export type TestMail = (to: string) => Promise<TestMailResult>;

export interface TestMailResult {
  /** Whether the mail server took it. */
  readonly ok: boolean;
  /** What the mail server said, or what went wrong and what to do. */
  readonly reply: string;
}
