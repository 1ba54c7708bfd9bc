import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

export interface ReceivedMail {
  /** As it came, one character a byte. */
  readonly raw: string;
  readonly mail: ParsedMail;
  /** Of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
}

export interface MailServer {
  readonly port: number;
  readonly received: readonly ReceivedMail[];
  /** Connections that are open now. */
  readonly open: () => number;
}

/** A mail server of another make that takes every mail, until the test has finished. Without TLS and login unless the
 *  options say otherwise. */
export async function startMailServer(
  options: SMTPServerOptions & { readonly port?: number } = {},
): Promise<MailServer> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, done) => {
      void (async () => {
        const parts: Buffer[] = [];
        for await (const part of stream) parts.push(part as Buffer);
        const raw = Buffer.concat(parts);
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        received.push({ raw: raw.toString('latin1'), mail: await simpleParser(raw), from, to });
        done();
      })();
    },
    ...options,
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server.server, 'listening');
  // A client that is killed resets its connections.
  server.on('error', () => undefined);
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { port, received, open: () => server.connections.size };
}
