import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../src/sources/line-splitter.ts';

const maxLineBytes = 24;
const tooLong = Symbol('too long');
type Found = string | typeof tooLong;

/** What a splitter reports of the bytes, given in these pieces. Lines as hex, since they may be no text. */
function found(chunks: readonly Buffer[]): readonly Found[] {
  const all: Found[] = [];
  const splitter = new LineSplitter(maxLineBytes, {
    line: (bytes) => all.push(bytes.toString('hex')),
    tooLong: () => all.push(tooLong),
  });
  for (const chunk of chunks) {
    splitter.push(chunk);
    // Whoever reads from a socket may use its buffer again.
    chunk.fill(0x0a);
  }
  splitter.end();
  return all;
}

/** The same by the definition: what stands between newlines, one `\r` before them not counted. */
function byDefinition(bytes: Buffer): readonly Found[] {
  const hex = bytes.toString('hex').match(/../g) ?? [];
  const lines: string[][] = [[]];
  for (const byte of hex) {
    if (byte === '0a') lines.push([]);
    else lines.at(-1)!.push(byte);
  }
  if (lines.at(-1)!.length === 0) lines.pop();
  return lines.map((line) => {
    const content = line.at(-1) === '0d' ? line.slice(0, -1) : line;
    return content.length > maxLineBytes ? tooLong : content.join('');
  });
}

function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const edges = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => Buffer.from(bytes.subarray(edges[index], end)));
}

const lineText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 8 }),
  fc.constantFrom('é€😀', '\r', '\r\r', 'a\rb', ''),
  // Around the limit, with one and with four bytes each.
  fc.integer({ min: maxLineBytes - 2, max: 3 * maxLineBytes }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 5, max: 9 }).map((length) => '😀'.repeat(length)),
);
const lines = fc.array(fc.tuple(lineText, fc.constantFrom('\n', '\r\n')), { maxLength: 8 });
const cuts = fc.array(fc.nat(1_000), { maxLength: 12 });

describe('a stream of lines', () => {
  it('gives the same lines wherever it is cut, and reports each line that is too long once', () => {
    fc.assert(
      fc.property(lines, lineText, cuts, (ended, last, places) => {
        const bytes = Buffer.from([...ended.flat(), last].join(''));
        expect(found(cutAt(bytes, places))).toEqual(byDefinition(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives the same lines byte by byte', () => {
    fc.assert(
      fc.property(lines, lineText, (ended, last) => {
        const bytes = Buffer.from([...ended.flat(), last].join(''));
        expect(found([...bytes].map((byte) => Buffer.from([byte])))).toEqual(byDefinition(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('gives back every line of bytes that are no text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), cuts, (given, places) => {
        const bytes = Buffer.from(given);
        expect(found(cutAt(bytes, places))).toEqual(byDefinition(bytes));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a line at the limit', () => {
  const atLimit = Buffer.alloc(maxLineBytes, 'x');

  it.each([
    ['its newline', '\n', [atLimit.toString('hex')]],
    ['a carriage return and its newline', '\r\n', [atLimit.toString('hex')]],
    ['the end of the stream', '', [atLimit.toString('hex')]],
    ['one byte more', 'y\n', [tooLong]],
    ['one byte more at the end of the stream', 'y', [tooLong]],
    ['two carriage returns', '\r\r\n', [tooLong]],
  ])('is judged when it is followed by %s', (_, rest, expected) => {
    expect(found([Buffer.concat([atLimit, Buffer.from(rest)])])).toEqual(expected);
    expect(found([Buffer.from(atLimit), Buffer.from(rest)])).toEqual(expected);
  });

  it('is reported as soon as it is too long, and the next line is read', () => {
    const reports: string[] = [];
    const splitter = new LineSplitter(maxLineBytes, {
      line: (bytes) => reports.push(bytes.toString()),
      tooLong: () => reports.push('too long'),
    });
    splitter.push(Buffer.alloc(maxLineBytes + 2, 'x'));
    expect(reports).toEqual(['too long']);
    splitter.push(Buffer.alloc(10_000, 'x'));
    splitter.push(Buffer.from('x\nnext\n'));
    expect(reports).toEqual(['too long', 'next']);
  });
});
