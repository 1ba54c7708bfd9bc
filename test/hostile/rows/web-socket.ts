import { randomBytes } from 'node:crypto';

/** Raw frames on a connection of their own. */
export interface WebSocketRow {
  readonly number: number;
  readonly what: string;
  readonly frames: () => readonly Buffer[];
  /** The connection ends, or stays and answers each good frame. */
  readonly then: 'closed' | 'kept';
  /** Codes of the `error` frames before that. */
  readonly errors?: readonly string[];
  readonly note?: string;
}

const opcodes = { continuation: 0, text: 1, binary: 2, reserved: 3, close: 8, ping: 9, pong: 10, control: 11 } as const;

interface Shape {
  readonly isFinal?: boolean;
  /** Bits 1 to 3 of the first byte. */
  readonly reserved?: number;
  /** What the header says, where the payload is another. */
  readonly length?: bigint;
}

/** A frame of a client (RFC 6455, 5.2). */
function frame(opcode: keyof typeof opcodes, payload: string | Buffer, shape: Shape = {}): Buffer {
  const { isFinal = true, reserved = 0 } = shape;
  const bytes = Buffer.from(payload);
  const length = shape.length ?? BigInt(bytes.length);
  const head = Buffer.alloc(10);
  head[0] = (isFinal ? 0x80 : 0) | (reserved << 4) | opcodes[opcode];
  let headLength = 2;
  if (length < 126n) {
    head[1] = 0x80 | Number(length);
  } else if (length < 65_536n) {
    head[1] = 0x80 | 126;
    headLength = head.writeUInt16BE(Number(length), 2);
  } else {
    head[1] = 0x80 | 127;
    headLength = head.writeBigUInt64BE(length, 2);
  }
  const key = randomBytes(4);
  return Buffer.concat([head.subarray(0, headLength), key, bytes.map((byte, at) => byte ^ (key[at % 4] ?? 0))]);
}

const text = (value: unknown): Buffer => frame('text', typeof value === 'string' ? value : JSON.stringify(value));
const closeWith = (code: number): Buffer => frame('close', Buffer.of(code >> 8, code & 0xff));
const brokenUtf8 = Buffer.from('{"message":"\xff"}', 'latin1');
/** `é` in two halves. */
const cut = [Buffer.from('{"message":"\xc3', 'latin1'), Buffer.from('\xa9"}', 'latin1')] as const;

export const webSocketRows: readonly WebSocketRow[] = [
  { number: 59, what: 'invalid UTF-8', frames: () => [frame('text', brokenUtf8)], then: 'closed' },
  {
    number: 59,
    what: 'invalid UTF-8 over two frames',
    frames: () => [
      frame('text', brokenUtf8.subarray(0, 13), { isFinal: false }),
      frame('continuation', brokenUtf8.subarray(13)),
    ],
    then: 'closed',
  },
  {
    number: 59,
    what: 'a character cut between frames',
    frames: () => [frame('text', cut[0], { isFinal: false }), frame('continuation', cut[1])],
    then: 'kept',
  },
  {
    number: 59,
    what: 'a ping within a message',
    frames: () => [frame('text', cut[0], { isFinal: false }), frame('ping', 'p'), frame('continuation', cut[1])],
    then: 'kept',
  },
  ...[1, 2, 4].map((reserved) => ({
    number: 60,
    what: `reserved bits ${String(reserved)}`,
    frames: () => [frame('text', '{"message":"x"}', { reserved })],
    then: 'closed' as const,
  })),
  { number: 60, what: 'a reserved opcode', frames: () => [frame('reserved', 'x')], then: 'closed' },
  { number: 60, what: 'a reserved control opcode', frames: () => [frame('control', 'x')], then: 'closed' },
  { number: 60, what: 'a continuation of nothing', frames: () => [frame('continuation', 'x')], then: 'closed' },
  { number: 60, what: 'a ping of 126 bytes', frames: () => [frame('ping', 'p'.repeat(126))], then: 'closed' },
  { number: 60, what: 'a ping in parts', frames: () => [frame('ping', 'p', { isFinal: false })], then: 'closed' },
  {
    number: 60,
    what: 'a message within a message',
    frames: () => [frame('text', '{', { isFinal: false }), frame('text', '}')],
    then: 'closed',
  },
  {
    number: 60,
    what: 'a length of 2^63',
    frames: () => [frame('text', 'x', { length: 1n << 63n })],
    then: 'closed',
  },
  { number: 60, what: 'a frame over 1 MiB', frames: () => [text('x'.repeat(1024 * 1024 + 1))], then: 'closed' },
  {
    number: 60,
    what: '1 MiB and more in parts',
    frames: () => [frame('text', 'x'.repeat(700_000), { isFinal: false }), frame('continuation', 'x'.repeat(700_000))],
    then: 'closed',
  },
  {
    number: 60,
    what: 'a binary frame',
    frames: () => [frame('binary', '{}')],
    then: 'kept',
    errors: ['invalid_request'],
  },
  { number: 60, what: 'an empty frame', frames: () => [text('')], then: 'kept', errors: ['invalid_json'] },
  ...[999, 1004, 1005, 1006, 1015, 5000, 65_535].map((code) => ({
    number: 62,
    what: `close with ${String(code)}`,
    frames: () => [closeWith(code)],
    then: 'closed' as const,
  })),
  { number: 62, what: 'a close of one byte', frames: () => [frame('close', Buffer.of(3))], then: 'closed' },
  {
    number: 62,
    what: 'a close whose reason is no UTF-8',
    frames: () => [frame('close', Buffer.of(0x03, 0xe8, 0xff))],
    then: 'closed',
  },
  ...[
    { type: 'nonsense' },
    { type: 'events', events: [] },
    { type: 5 },
    { type: 'publish' },
    { type: 'publish', event: {}, events: [] },
    { type: 'publish', events: {} },
    { type: 'publish', ref: {}, event: { message: 'x' } },
    { type: 'subscribe', after: -1 },
    { type: 'subscribe', after: 1e300 },
    { type: 'subscribe', after: 99_999_999 },
    { type: 'subscribe', q: ['x'] },
    { type: 'subscribe', topic: '#' },
    { type: 'subscribe', severity: '../' },
  ].map((value) => ({
    number: 63,
    what: JSON.stringify(value),
    frames: () => [text(value)],
    then: 'kept' as const,
    errors: ['invalid_request'],
  })),
  {
    number: 63,
    what: 'a query of 64 KiB',
    frames: () => [text({ type: 'subscribe', q: 'x'.repeat(65_536) })],
    then: 'kept',
    errors: ['invalid_query'],
  },
  {
    number: 63,
    what: 'a cursor of another log',
    frames: () => [text({ type: 'subscribe', epoch: 'other', after: 0 })],
    then: 'closed',
    errors: ['wrong_epoch'],
  },
];
