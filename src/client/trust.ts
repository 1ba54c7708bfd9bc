import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { rootCertificates, type ConnectionOptions } from 'node:tls';

/** Whom to believe to be the hub, besides whom the system believes, and who to be for it. All are files in PEM. */
export interface Trust {
  /** Authorities. */
  readonly caFile?: string | undefined;
  /** A certificate of one's own, and its key. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** The very certificates of a hub on this machine, whatever names are in them. */
  readonly ownFiles?: readonly string[] | undefined;
}

/** What a connection over TLS to this host is made with. Throws, with a sentence for people, when a file that somebody
 *  named cannot be read. */
export function tlsOptions(trust: Trust, host: string): ConnectionOptions {
  const own = (trust.ownFiles ?? []).flatMap(readOwn);
  const ca = trust.caFile === undefined ? [] : [read('ca', trust.caFile)];
  const isMore = ca.length > 0 || own.length > 0;
  return {
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 ? { servername: host } : {}),
    // Naming any authority takes away those that Node comes with.
    ...(isMore ? { ca: [...rootCertificates, ...ca, ...own.map(({ text }) => text)] } : {}),
    ...(trust.certFile === undefined ? {} : { cert: read('client-cert', trust.certFile) }),
    ...(trust.keyFile === undefined ? {} : { key: read('client-key', trust.keyFile) }),
    ...(own.length > 0 ? pinnedTo(own) : {}),
  };
}

interface OwnCertificate {
  readonly text: string;
  readonly fingerprint: string;
}

/** A certificate from elsewhere need not come with its authority. */
function pinnedTo(own: readonly OwnCertificate[]): ConnectionOptions {
  return {
    allowPartialTrustChain: true,
    checkServerIdentity: (_host, { fingerprint256 }) =>
      own.some(({ fingerprint }) => fingerprint === fingerprint256)
        ? undefined
        : new Error('the hub shows another certificate than its own'),
  };
}

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`${name}: ${file} cannot be read; ${(error as Error).message}`, { cause: error });
  }
}

/** A file that is gone or broken is the hub's business, which goes on with what it held. */
function readOwn(file: string): OwnCertificate[] {
  try {
    const text = readFileSync(file, 'utf8');
    return [{ text, fingerprint: new X509Certificate(text).fingerprint256 }];
  } catch {
    return [];
  }
}
