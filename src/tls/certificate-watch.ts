import fs from 'node:fs';
import { lookAtCertificate, type CertificateLook } from './certificate.ts';
import type { Logger } from '../logger.ts';
import type { CertificateFiles, CertificateUse, ListeningSource } from '../pipeline/component.ts';

/** Looked at by time, because what renews certificates replaces files, directories or links to them. */
const lookEveryMs = 2_000;
const dayMs = 86_400_000;
/** Whatever renews a certificate has done so by then. */
const expiresSoonMs = 14 * dayMs;

interface Watched {
  readonly use: CertificateUse;
  /** The state of the files that were last taken, good or not. */
  taken: string;
  /** Their state at the last look. */
  seen: string;
  look: CertificateLook;
  nextWarningAt: number;
}

/** Has each port serve with what its certificate's files hold, as they change. A certificate that is wrong is reported, and
 *  the one before goes on. */
export class CertificateWatch {
  readonly #watched: readonly Watched[];
  readonly #logger: Logger;
  readonly #clock: () => number;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: readonly Pick<ListeningSource, 'certificate'>[], logger: Logger, clock: () => number) {
    const uses = ports.map(({ certificate }) => certificate);
    this.#watched = uses.filter((use) => use !== undefined).map(watched);
    this.#logger = logger;
    this.#clock = clock;
  }

  start(): void {
    for (const one of this.#watched) this.#warn(one);
    if (this.#watched.length === 0) return;
    this.#timer = setInterval(() => {
      for (const one of this.#watched) this.#look(one);
    }, lookEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Takes every certificate anew from its files, changed or not. */
  reload(): void {
    for (const one of this.#watched) this.#take(one);
  }

  /** Files that have just changed may change again: a certificate comes before its key, or after it. */
  #look(one: Watched): void {
    const state = stateOf(one.use.files);
    if (state !== one.taken && state === one.seen) this.#take(one);
    one.seen = state;
    this.#warnOfExpiry(one);
  }

  #take(one: Watched): void {
    const { place, files } = one.use;
    one.taken = stateOf(files);
    try {
      const look = lookAtCertificate(place, files);
      one.use.renew();
      one.look = look;
    } catch (error) {
      this.#logger.error(`the certificate was not taken anew, and the one before goes on: ${(error as Error).message}`);
      return;
    }
    this.#logger.info({ expires: new Date(one.look.expiresAt).toISOString() }, `${place}: certificate taken anew`);
    this.#warn(one);
  }

  #warn(one: Watched): void {
    const { place, files } = one.use;
    if (one.look.isKeyOpen) {
      this.#logger.warn(`${place}.keyFile: every user of this machine can read ${files.keyFile}; chmod it to 600`);
    }
    one.nextWarningAt = 0;
    this.#warnOfExpiry(one);
  }

  #warnOfExpiry(one: Watched): void {
    const now = this.#clock();
    const leftMs = one.look.expiresAt - now;
    if (leftMs > expiresSoonMs || now < one.nextWarningAt) return;
    one.nextWarningAt = now + dayMs;
    const when =
      leftMs <= 0 ? 'has expired, and clients refuse it' : `expires in ${String(Math.ceil(leftMs / dayMs))} days`;
    this.#logger.warn(`${one.use.place}.certFile: the certificate in ${one.use.files.certFile} ${when}`);
  }
}

function watched(use: CertificateUse): Watched {
  const state = stateOf(use.files);
  return { use, taken: state, seen: state, look: lookAtCertificate(use.place, use.files), nextWarningAt: 0 };
}

/** Text that is another one after each change. */
function stateOf({ certFile, keyFile, clientCaFile }: CertificateFiles): string {
  const states = [certFile, keyFile, clientCaFile ?? keyFile].map((file) => {
    const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? 'missing' : [stat.ino, stat.size, stat.mtimeNs].join(':');
  });
  return states.join(' ');
}
