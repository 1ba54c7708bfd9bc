import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

const dayMs = 86_400_000;
const keyBits = 2048;
/** Of a `subjectAltName` (RFC 5280, section 4.2.1.6). */
const dnsName = 2;
const ipAddress = 7;

/** A certificate of its own making for these names and addresses, and its key, both in PEM. It holds from an hour ago, for
 *  clocks that differ. */
export function makeSelfSigned(hosts: readonly string[], days: number): { certificate: string; key: string } {
  const pair = generateKeyPairSync('rsa', {
    modulusLength: keyBits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(pair.publicKey);
  // A first digit that keeps the number positive.
  certificate.serialNumber = `01${randomBytes(15).toString('hex')}`;
  certificate.validity.notBefore = new Date(Date.now() - 3_600_000);
  certificate.validity.notAfter = new Date(Date.now() + days * dayMs);
  const subject = [{ name: 'commonName', value: 'Network Alert Hub (development)' }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'subjectAltName', altNames: hosts.map(altName) },
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(pair.privateKey), forge.md.sha256.create());
  return { certificate: forge.pki.certificateToPem(certificate), key: pair.privateKey };
}

function altName(host: string): { type: number; ip: string } | { type: number; value: string } {
  return isIP(host) === 0 ? { type: dnsName, value: host } : { type: ipAddress, ip: host };
}
