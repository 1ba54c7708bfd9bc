import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface PostOffice {
  /** For `email.url`. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** A mail server that says what `refusals` has for a recipient, and takes the mails of all others. With a name at it, it refuses
 *  every login, as after a changed password. */
export async function openPostOffice(refusals: Readonly<Record<string, string>> = {}): Promise<PostOffice> {
  let mails = 0;
  const server = new SMTPServer({
    hideSTARTTLS: true,
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: (_login, _session, done) => {
      done(refusal('535 5.7.8 Authentication failed'));
    },
    onRcptTo: ({ address }, _session, done) => {
      const answer = refusals[address];
      done(answer === undefined ? null : refusal(answer));
    },
    onData: (stream, _session, done) => {
      mails += 1;
      stream.resume().once('end', () => done(null, `2.0.0 Ok: queued as 4F2A${String(mails).padStart(4, '0')}`));
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${String(port)}?tls=none`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function refusal(answer: string): Error {
  return Object.assign(new Error(answer.slice(4)), { responseCode: Number(answer.slice(0, 3)) });
}
