import { isUtf8 } from 'node:buffer';
import { LineSplitter } from '../sources/line-splitter.ts';

/** A line of the input, counted from 1, or what is wrong with it. */
export type InputLine =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly fault: { readonly code: string; readonly error: string } };

/** The hub takes no longer one (contract, section 3). */
const defaultMaxLineBytes = 65_536;

/** The lines of a stream that are not empty, as they come, in bounded memory. Ends with the stream; a last line without
 *  its newline counts. */
export async function* readLines(
  input: AsyncIterable<Buffer>,
  maxLineBytes: number = defaultMaxLineBytes,
): AsyncGenerator<readonly InputLine[], void> {
  let lines: InputLine[] = [];
  let number = 0;
  const splitter = new LineSplitter(maxLineBytes, {
    line: (bytes) => {
      number += 1;
      const withoutMark = number === 1 && hasByteOrderMark(bytes) ? bytes.subarray(3) : bytes;
      if (withoutMark.length > 0) lines.push(lineOf(number, withoutMark));
    },
    tooLong: () => {
      number += 1;
      lines.push({ number, fault: { code: 'too_large', error: `line: must be at most ${maxLineBytes} bytes` } });
    },
  });
  const take = (): readonly InputLine[] => {
    const taken = lines;
    lines = [];
    return taken;
  };
  for await (const chunk of input) {
    splitter.push(chunk);
    yield take();
  }
  splitter.end();
  yield take();
}

function lineOf(number: number, bytes: Buffer): InputLine {
  if (!isUtf8(bytes)) return { number, fault: { code: 'invalid_json', error: 'line: must be valid UTF-8' } };
  return { number, text: bytes.toString('utf8') };
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
