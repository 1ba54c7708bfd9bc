import fc from 'fast-check';

/** Bytes that parsers trip over. */
const oddBytes = ['\0', '\n', '\r\n', '"', '\\', '{', '}', '[', ']', ',', ':', '\xff', '\xc3', '\xed\xa0\x80', '\x80'];
const oddTexts = [
  '\\u0000',
  '\\ud800',
  '__proto__',
  '1e309',
  '-0',
  'null',
  '99999999999999999999',
  '%00',
  '../',
  'Host: x\r\n',
];
const odd = fc.constantFrom(...[...oddBytes, ...oddTexts].map((text) => Buffer.from(text, 'latin1')));

type Change = (bytes: Buffer) => Buffer;

/** A place as a part of the length, so that it is one whatever the change before it made of the length. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const at = (bytes: Buffer, part: number): number => Math.floor(bytes.length * part);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(7)).map(([part, bit]): Change => (bytes) => {
    const flipped = Buffer.from(bytes);
    if (flipped.length > 0) flipped[at(bytes, part)]! ^= 1 << bit;
    return flipped;
  }),
  fc.tuple(place, odd).map(
    ([part, piece]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, part)), piece, bytes.subarray(at(bytes, part))]),
  ),
  fc.tuple(place, fc.nat(16)).map(
    ([part, count]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(bytes, part)), bytes.subarray(at(bytes, part) + count)]),
  ),
  fc.tuple(place, place).map(([from, to]): Change => (bytes) => {
    const [start, end] = [at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to))];
    return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
  }),
  place.map(
    (part): Change =>
      (bytes) =>
        bytes.subarray(0, at(bytes, part)),
  ),
);

/** One of the corpus, changed in up to four places, or two of it run into each other. */
export function mutated(corpus: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const entry = fc.constantFrom(...corpus);
  const joined = fc
    .tuple(entry, entry, place, place)
    .map(([first, second, from, to]) =>
      Buffer.concat([first.subarray(0, at(first, from)), second.subarray(at(second, to))]),
    );
  return fc
    .tuple(fc.oneof({ arbitrary: entry, weight: 3 }, joined), fc.array(change, { maxLength: 4 }))
    .map(([bytes, changes]) => changes.reduce((changed, apply) => apply(changed), bytes));
}
