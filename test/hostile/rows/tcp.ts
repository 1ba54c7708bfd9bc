import { once } from 'node:events';
import type { Socket } from 'node:net';
import { proxyHeader } from '../../support/proxy-header.ts';

/** Bytes on a connection of their own, and the answers: `ok` or the code of each line, in order. */
export interface TcpRow {
  readonly number: number;
  readonly what: string;
  /** Written one after the other, each when the one before has left. */
  readonly pieces: () => Iterable<string | Buffer>;
  readonly answers: readonly string[];
  /** Afterwards: ends its side, resets the connection, or has been cut off by the hub. */
  readonly end?: 'half' | 'reset' | 'cut';
  readonly note?: string;
}

const good = '{"message":"good"}\n';
const event = Buffer.from('{"message":"Größe 漢字 🔥"}\n');
/** A valid draft of so many bytes. */
const sized = (bytes: number): string => {
  const empty = '{"message":"x","data":{"fill":""}}';
  return empty.replace('""}}', `"${'x'.repeat(bytes - empty.length)}"}}`);
};
function* times(count: number, piece: string): Iterable<string> {
  for (let index = 0; index < count; index += 1) yield piece;
}
const mebibyte = 'a'.repeat(1024 * 1024);

export const tcpRows: readonly TcpRow[] = [
  {
    number: 1,
    what: 'a line of 10 MiB',
    pieces: () => ['{', ...times(10, mebibyte), '\n', good],
    answers: ['too_large', 'ok'],
  },
  { number: 1, what: 'a line without end', pieces: () => ['{', ...times(10, mebibyte)], answers: ['too_large'] },
  { number: 2, what: 'a line of 65,536 bytes', pieces: () => [sized(65_536), '\r\n', good], answers: ['ok', 'ok'] },
  {
    number: 2,
    what: 'a line of 65,537 bytes',
    pieces: () => [sized(65_537), '\n', good],
    answers: ['too_large', 'ok'],
  },
  { number: 5, what: 'a million empty lines', pieces: () => ['\n'.repeat(1_000_000), good], answers: ['ok'] },
  { number: 5, what: 'lines of \\r\\n alone', pieces: () => ['\r\n'.repeat(100_000), good], answers: ['ok'] },
  {
    number: 6,
    what: 'lines that end in \\r\\n',
    pieces: () => ['{"message":"a"}\r\n{"message":"b"}\r\n'],
    answers: ['ok', 'ok'],
  },
  {
    number: 7,
    what: 'a bare CR between two',
    pieces: () => ['{"message":"a"}\r{"message":"b"}\n', good],
    answers: ['invalid_json', 'ok'],
  },
  { number: 8, what: 'two in one segment', pieces: () => [good + good], answers: ['ok', 'ok'] },
  {
    number: 8,
    what: 'one in a segment a byte',
    pieces: () => Array.from(event, (byte) => Buffer.of(byte)),
    answers: ['ok'],
  },
  {
    number: 9,
    what: 'a last line without its end',
    pieces: () => ['{"message":"last"}'],
    answers: ['ok'],
    end: 'half',
  },
  {
    number: 9,
    what: 'half a line and the end',
    pieces: () => ['{"message":"la'],
    answers: ['invalid_json'],
    end: 'half',
  },
  {
    number: 11,
    what: 'a character cut in two',
    pieces: () => [event.subarray(0, 15), event.subarray(15)],
    answers: ['ok'],
  },
  {
    number: 12,
    what: 'a raw NUL between',
    pieces: () => ['\0\n', `\0${good}`, good],
    answers: ['invalid_json', 'invalid_json', 'ok'],
  },
  { number: 13, what: 'a byte order mark', pieces: () => ['\ufeff', good, good], answers: ['invalid_json', 'ok'] },
  {
    number: 14,
    what: 'UTF-16LE',
    pieces: () => [Buffer.from(good + good, 'utf16le'), '\n', good],
    answers: ['invalid_json', 'invalid_json', 'invalid_json', 'ok'],
  },
  {
    number: 14,
    what: 'invalid UTF-8',
    pieces: () => [Buffer.from('{"message":"\xff\xfe"}\n', 'latin1'), good],
    answers: ['invalid_json', 'ok'],
  },
  {
    number: 14,
    what: 'overlong and surrogate UTF-8',
    pieces: () => [Buffer.from('{"message":"\xc0\xaf\xed\xa0\x80"}\n', 'latin1'), good],
    answers: ['invalid_json', 'ok'],
  },
  {
    number: 15,
    what: '30,000 brackets',
    pieces: () => ['['.repeat(30_000), '\n', good],
    answers: ['invalid_json', 'ok'],
    note: 'no JSON',
  },
  {
    number: 15,
    what: '30,000 arrays',
    pieces: () => [`{"message":"x","data":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}\n`, good],
    answers: ['invalid_event', 'ok'],
  },
  {
    number: 34,
    what: 'a PROXY header, version 1, and an event',
    pieces: () => [`PROXY TCP4 192.0.2.1 192.0.2.2 12345 9000\r\n${good}`],
    answers: ['invalid_request'],
    end: 'cut',
  },
  {
    number: 34,
    what: 'a PROXY header, version 2, and an event',
    pieces: () => [Buffer.concat([proxyHeader('192.0.2.1'), Buffer.from(good)])],
    answers: ['invalid_request'],
    end: 'cut',
  },
  {
    number: 34,
    what: 'a PROXY header that claims to be this machine',
    pieces: () => [Buffer.concat([proxyHeader('127.0.0.1', { isLocal: true }), Buffer.from(good)])],
    answers: ['invalid_request'],
    end: 'cut',
  },
  {
    number: 34,
    what: 'a PROXY header after an event',
    pieces: () => [`${good}PROXY TCP4 192.0.2.1 192.0.2.2 12345 9000\r\n${good}`],
    answers: ['ok', 'invalid_json', 'ok'],
    note: 'is a line',
  },
  { number: 38, what: 'a reset', pieces: () => [good, '{"message":'], answers: ['ok'], end: 'reset' },
  {
    number: 39,
    what: 'a half-close after 100 lines',
    pieces: () => [good.repeat(100)],
    answers: Array.from({ length: 100 }, () => 'ok'),
    end: 'half',
  },
  {
    number: 40,
    what: 'HTTP on the wrong port',
    pieces: () => ['GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    answers: ['invalid_json', 'invalid_json'],
  },
  {
    number: 40,
    what: 'an event in what a web page posts',
    pieces: () => [
      `POST / HTTP/1.1\r\nHost: x\r\nORIGIN: http://x.example\r\nContent-Length: ${String(good.length)}\r\n\r\n`,
      good,
    ],
    answers: ['invalid_json', 'invalid_json', 'invalid_json'],
    end: 'cut',
  },
  {
    number: 40,
    what: 'an event in what a web page posts to a long path',
    pieces: () => ['P', 'OST /', 'a'.repeat(70_000), ` HTTP/1.1\r\nOrigin: http://x.example\r\n\r\n`, good],
    answers: ['too_large', 'invalid_json'],
    end: 'cut',
  },
  {
    number: 40,
    what: 'TLS on a clear port',
    pieces: () => [Buffer.from('16030100050100000100', 'hex'), '\n', good],
    answers: ['invalid_json', 'ok'],
  },
  {
    number: 84,
    what: 'every byte there is',
    pieces: () => [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), '\n', good],
    answers: ['invalid_json', 'invalid_json', 'ok'],
  },
];

/** Writes the pieces, each when the system has taken the one before. */
export async function writePieces(socket: Socket, pieces: Iterable<string | Buffer>): Promise<void> {
  socket.setNoDelay(true);
  for (const piece of pieces) if (!socket.write(piece)) await once(socket, 'drain');
}
