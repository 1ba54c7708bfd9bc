const separator = '\n';
/** Of a UUIDv7's time, so many milliseconds share a stretch of the keys. */
const stretchMs = 256;
const stretchKeys = 2 ** 20;

/** Gives each id of a source a key, a whole number below 2^53. Different ids may share a key, but nobody who does not know
 *  `seed` (8 bytes) can find such ids. The keys of UUIDs of version 7 (RFC 9562, 5.7), which the hub makes and some
 *  producers too, ascend with time but for some bits, so that an index of them grows at its end. */
export function idKeys(seed: Uint8Array): (id: string, source: string) => number {
  const words = new DataView(seed.buffer, seed.byteOffset, seed.byteLength);
  const [key0, key1] = [words.getInt32(0), words.getInt32(4)];
  return (id, source) => {
    const hash = halfSipHash(id + separator + source, key0, key1);
    const madeAt = timeOfUuid(id);
    return madeAt === null ? hash : Math.floor(madeAt / stretchMs) * stretchKeys + (hash % stretchKeys);
  };
}

/** Milliseconds since 1970 of a UUID of version 7; null for any other id. */
function timeOfUuid(id: string): number | null {
  if (id.length !== 36 || id[14] !== '7' || id[8] !== '-' || id[13] !== '-') return null;
  const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  // Five digits of twelve would do for parseInt.
  return Number.isNaN(time) || time >= 2 ** 41 ? null : time;
}

/** The lower 53 bits of HalfSipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; the variant on
 *  32-bit words of its reference code, with the rounds that Linux uses for hash tables). It is taken over the text's UTF-16
 *  units, two a word, since to encode the text first would take longer than to hash it. */
function halfSipHash(text: string, key0: number, key1: number): number {
  let [v0, v1, v2, v3] = [key0, key1 ^ 0xee, 0x6c796765 ^ key0, 0x74656465 ^ key1];
  let upper = 0;
  const words = (text.length >> 1) + 1;
  for (let step = 0; step < words + 6; step += 1) {
    let word = 0;
    if (step < words) {
      const last = step === words - 1;
      // charCodeAt gives NaN, which is 0 here, beyond the end.
      word = text.charCodeAt(step * 2) | ((last ? text.length : text.charCodeAt(step * 2 + 1)) << 16);
      v3 ^= word;
    } else if (step === words) {
      v2 ^= 0xee;
    } else if (step === words + 3) {
      upper = v1 ^ v3;
      v1 ^= 0xdd;
    }
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return (upper >>> 11) * 2 ** 32 + ((v1 ^ v3) >>> 0);
}
