import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { readMail, type CaughtMail } from './caught-mail.ts';

const mostMails = 500;
const mostBytes = 1024 * 1024;

/** A mail server that delivers nothing: it keeps the last 500 mails in memory, for whoever wants to look at them. */
export class MailCatcher {
  readonly #server: SMTPServer;
  readonly #mails: CaughtMail[] = [];
  #lastId = 0;

  private constructor() {
    this.#server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      // Asking for the name of whoever connects would leave this machine.
      disableReverseLookup: true,
      size: mostBytes,
      onData: (stream, session, done) => {
        this.#catch(stream, session).then(() => done(), done);
      },
    });
    // A peer that hangs up is the peer's affair.
    this.#server.on('error', () => undefined);
  }

  /** Opens a port on loopback: `port`, or a free one for 0. */
  static async open(port: number): Promise<MailCatcher> {
    const catcher = new MailCatcher();
    const listening = once(catcher.#server.server, 'listening');
    catcher.#server.listen(port, '127.0.0.1');
    await listening;
    return catcher;
  }

  /** For the hub's `email.url`. */
  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `smtp://127.0.0.1:${String(port)}?tls=none`;
  }

  /** Oldest first. */
  get mails(): readonly CaughtMail[] {
    return this.#mails;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  async #catch(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const source = await buffer(stream);
    if (stream.sizeExceeded) throw Object.assign(new Error('the mail is too large'), { responseCode: 552 });
    const to = envelope.rcptTo.map(({ address }) => address);
    this.#lastId += 1;
    this.#mails.push(await readMail(source, { id: this.#lastId, caughtAt: Date.now(), to }));
    if (this.#mails.length > mostMails) this.#mails.shift();
  }
}
