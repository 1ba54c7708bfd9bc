import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as 43 characters that are safe in a header, a cookie and a shell. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function newId(): string {
  return randomBytes(4).toString('hex');
}

/** SHA-256 as hexadecimal digits. What is hashed has 256 random bits, or is as long as a person was told to make it: a slow
 *  hash would only slow down requests. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compared with where there is nothing to compare with, so that this takes the same time. */
const decoy = '0'.repeat(64);

/** Whether two hashes are the same, in constant time; never when there is none to compare with. */
export function isSameHash(hash: string, known: string | undefined): boolean {
  const isSame = timingSafeEqual(Buffer.from(hash), Buffer.from(known ?? decoy));
  return isSame && known !== undefined;
}
