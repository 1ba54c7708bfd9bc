import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { simpleParser } from 'mailparser';
import { mailSettings } from './mail-hub.ts';
import { makeCertificate } from './smtp-certificate.ts';
import { startMailServer } from './smtp-receiver.ts';
import { makeTempDir } from './temp-dir.ts';

/** A mail that was accepted. */
export interface CaughtMail {
  readonly messageId: string;
  readonly to: string;
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
  readonly pauseMs: () => number;
  /** Whether to answer 452 to the mail instead of accepting it. */
  readonly refuses: (messageId: string) => boolean;
}

/** A mail server that keeps what it is sent in memory, in the test's process: it outlives every hub that the test kills. */
export async function startMailCatcher({ pauseMs, refuses }: MailCatcherOptions): Promise<MailCatcher> {
  const certificate = makeCertificate();
  const caFile = join(await makeTempDir(), 'ca.pem');
  await writeFile(caFile, certificate.cert);
  const mails: CaughtMail[] = [];
  const receive = async (stream: Readable, to: string): Promise<Error | null> => {
    const { messageId = '', text = '' } = await simpleParser(stream);
    await delay(pauseMs());
    if (refuses(messageId)) return Object.assign(new Error('later'), { responseCode: 452 });
    mails.push({ messageId, to, text });
    await delay(pauseMs());
    return null;
  };
  const { port, open } = await startMailServer({
    ...certificate,
    disabledCommands: [],
    onAuth: ({ username, password }, _session, done) =>
      username === 'hub' && password === 'secret' ? done(null, { user: 'hub' }) : done(new Error('wrong')),
    onMailFrom: (_address, _session, done) => void delay(pauseMs()).then(() => done()),
    onRcptTo: (_address, _session, done) => void delay(pauseMs()).then(() => done()),
    onData: (stream, { envelope }, done) => void receive(stream, envelope.rcptTo[0]?.address ?? '').then(done, done),
  });
  const login = { HUB_SMTP_USER: 'hub', HUB_SMTP_PASSWORD: 'secret', HUB_SMTP_CA_FILE: caFile };
  return { env: mailSettings(port, { HUB_SMTP_URL: `smtp://localhost:${port}`, ...login }), mails, open };
}
