import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { makeCertificate } from './smtp-certificate.ts';
import { makeTempDir } from './temp-dir.ts';

/** A mail that was accepted. */
export interface CaughtMail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailCatcher {
  /** Settings of a hub that mails through it: over STARTTLS with a checked certificate, after a login. */
  readonly env: Readonly<Record<string, string>>;
  /** All mails accepted so far, doubles too: also those whose acceptance nobody was there to hear of. */
  readonly mails: readonly CaughtMail[];
  /** Connections that are open now. */
  readonly open: () => number;
}

export interface MailCatcherOptions {
  /** Milliseconds to wait before each answer. */
  readonly pauseMs?: () => number;
  /** Whether to answer 452 to the mail instead of accepting it. */
  readonly refuses?: (messageId: string) => boolean;
}

/** A mail server that keeps what it is sent in memory, in the test's process: it outlives every hub that the test kills. */
export async function startMailCatcher({
  pauseMs = () => 0,
  refuses = () => false,
}: MailCatcherOptions = {}): Promise<MailCatcher> {
  const certificate = makeCertificate();
  const mails: CaughtMail[] = [];
  const later = (done: (error?: Error | null) => void) => void delay(pauseMs()).then(() => done());
  const server = new SMTPServer({
    ...certificate,
    onAuth: ({ username, password }, _, done) =>
      username === 'hub' && password === 'secret' ? done(null, { user: 'hub' }) : done(new Error('wrong')),
    onMailFrom: (_address, _session, done) => later(done),
    onRcptTo: (_address, _session, done) => later(done),
    onData: (stream, { envelope }, done) => {
      const accept = async () => {
        const mail = await parsed(stream, envelope.rcptTo[0]?.address ?? '');
        await delay(pauseMs());
        if (refuses(mail.messageId)) return Object.assign(new Error('later'), { responseCode: 452 });
        mails.push(mail);
        await delay(pauseMs());
        return null;
      };
      accept().then(done, done);
    },
  });
  // Connections cut by a kill.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const caFile = join(await makeTempDir(), 'ca.pem');
  await writeFile(caFile, certificate.cert);
  const { port } = server.server.address() as AddressInfo;
  return {
    env: {
      HUB_SMTP_URL: `smtp://localhost:${port}`,
      HUB_SMTP_USER: 'hub',
      HUB_SMTP_PASSWORD: 'secret',
      HUB_SMTP_CA_FILE: caFile,
      HUB_SMTP_FROM: 'hub@example.org',
    },
    mails,
    open: () => server.connections.size,
  };
}

async function parsed(stream: Readable, to: string): Promise<CaughtMail> {
  const { messageId = '', subject = '', text = '' } = await simpleParser(stream);
  return { messageId, to, subject, text };
}
