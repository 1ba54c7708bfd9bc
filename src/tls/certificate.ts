import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import type { CertificateFiles } from '../pipeline/component.ts';

/** What the files of a certificate are like. */
export interface CertificateLook {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Whether the key can be read by users who have no business with it. */
  readonly isKeyOpen: boolean;
}

/** Looks at the files that a setting such as `http.tls` names. Throws, with a message for people, when they do not make a
 *  certificate with its key; an expired one does. */
export function lookAtCertificate(place: string, files: CertificateFiles): CertificateLook {
  const { certFile, keyFile, clientCaFile } = files;
  const certificate = readCertificate(`${place}.certFile`, certFile);
  const key = readKey(`${place}.keyFile`, keyFile);
  if (!certificate.checkPrivateKey(key)) {
    throw new Error(`${place}.keyFile: ${keyFile} is not the key of the certificate in ${certFile}`);
  }
  if (clientCaFile !== undefined) readCertificate(`${place}.clientCaFile`, clientCaFile);
  return { expiresAt: Date.parse(certificate.validTo), isKeyOpen: isOpen(keyFile) };
}

function readCertificate(place: string, file: string): X509Certificate {
  const content = readFile(place, file);
  try {
    return new X509Certificate(content);
  } catch {
    throw new Error(`${place}: ${file} holds no certificate in PEM`);
  }
}

function readKey(place: string, file: string): ReturnType<typeof createPrivateKey> {
  const content = readFile(place, file);
  try {
    return createPrivateKey(content);
  } catch {
    throw new Error(`${place}: ${file} holds no private key in PEM, or one that asks for a passphrase`);
  }
}

function readFile(place: string, file: string): Buffer {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw new Error(`${place}: ${file} cannot be read; ${(error as Error).message}`, { cause: error });
  }
}

/** Its group may read it: that is how systems share a key with one service. Windows has no such bits. */
function isOpen(file: string): boolean {
  return process.platform !== 'win32' && (fs.statSync(file).mode & 0o007) !== 0;
}
