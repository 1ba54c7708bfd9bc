import { gzipSync } from 'node:zlib';

/** Bytes of a request on a connection of their own, and the status of the answer; null where the connection only ends, after a while. */
export interface HttpRow {
  readonly number: number;
  readonly what: string;
  /** `host` is the hub's own `Host`. */
  readonly bytes: (host: string) => string | Buffer;
  readonly status: number | null;
  /** As good: it depends on how the bytes came. */
  readonly orElse?: number;
  readonly note?: string;
}

const draft = '{"message":"x"}';
const json = 'Content-Type: application/json\r\n';

function request(line: string, headers: string): string {
  return `${line} HTTP/1.1\r\n${headers}\r\n`;
}

function get(target: string, more = ''): (host: string) => string {
  return (host) => request(`GET ${target}`, `Host: ${host}\r\n${more}`);
}

/** A POST of a draft with these header lines. */
function post(headers: string, body: string | Buffer = draft): (host: string) => Buffer {
  return (host) => {
    const length = `Content-Length: ${String(Buffer.byteLength(body))}\r\n`;
    return Buffer.concat([
      Buffer.from(request('POST /api/events', `Host: ${host}\r\n${length}${headers}`), 'latin1'),
      Buffer.from(body),
    ]);
  };
}

/** A POST of a draft in one chunk, with what it says of its coding. */
function chunkedAs(coding: string): (host: string) => string {
  return (host) =>
    `${request('POST /api/events', `Host: ${host}\r\n${json}Transfer-Encoding: ${coding}\r\n`)}${draft.length.toString(16)}\r\n${draft}\r\n0\r\n\r\n`;
}

const oneTooMany = ' '.repeat(1024 * 1024 + 1);

export const httpRows: readonly HttpRow[] = [
  {
    number: 41,
    what: 'a header of 64 KiB',
    bytes: get('/api/events', `X: ${'a'.repeat(65_536)}\r\n`),
    status: 200,
    orElse: 431,
    note: 'when it comes at once, nothing of it is kept',
  },
  {
    number: 41,
    what: 'a header without end',
    bytes: (host) => `GET /api/events HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(4 * 1024 * 1024)}`,
    status: null,
    orElse: 431,
  },
  {
    number: 41,
    what: '200 headers',
    bytes: get('/api/events', Array.from({ length: 200 }, (_, index) => `X${String(index)}: a\r\n`).join('')),
    status: null,
  },
  { number: 41, what: 'TLS on the clear port', bytes: () => '\x16\x03\x01\x00\x05hello\r\n\r\n', status: 505 },
  { number: 41, what: 'a header without a colon', bytes: get('/api/events', 'nonsense\r\n'), status: null },
  { number: 41, what: 'two lengths', bytes: post(`${json}Content-Length: 3\r\n`), status: 400, note: 'RFC 9112, 6.3' },
  {
    number: 41,
    what: 'a length and chunks',
    bytes: post(`${json}Transfer-Encoding: chunked\r\n`),
    status: 400,
    note: 'RFC 9112, 6.1: request smuggling',
  },
  ...['xchunked', 'gzip, chunked', 'identity', 'chunked\r\nTransfer-Encoding: chunked'].map((coding) => ({
    number: 41,
    what: `Transfer-Encoding: ${coding}`,
    bytes: chunkedAs(coding),
    status: 400,
    note: 'RFC 9112, 6.1: request smuggling',
  })),
  { number: 41, what: 'Transfer-Encoding: Chunked', bytes: chunkedAs('Chunked'), status: 201 },
  {
    number: 41,
    what: 'a length that is no number',
    bytes: (host) => request('POST /api/events', `Host: ${host}\r\n${json}Content-Length: 1e3\r\n`),
    status: 400,
  },
  { number: 44, what: 'a body of 1 MiB and a byte', bytes: post(json, oneTooMany), status: 413 },
  {
    number: 44,
    what: 'the same announced and not sent',
    bytes: (host) => request('POST /api/events', `Host: ${host}\r\n${json}Content-Length: 99999999999\r\n`),
    status: 413,
  },
  {
    number: 44,
    what: 'the same in chunks',
    bytes: (host) =>
      `${request('POST /api/events', `Host: ${host}\r\n${json}Transfer-Encoding: chunked\r\n`)}${oneTooMany.length.toString(16)}\r\n${oneTooMany}\r\n0\r\n\r\n`,
    status: 413,
  },
  {
    number: 45,
    what: 'a gzip bomb',
    bytes: post(`${json}Content-Encoding: gzip\r\n`, gzipSync(Buffer.alloc(16 * 1024 * 1024))),
    status: 415,
  },
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    '',
  ].map((type) => ({
    number: 46,
    what: `Content-Type: ${type}`,
    bytes: post(`Content-Type: ${type}\r\n`),
    status: 415,
  })),
  { number: 46, what: 'no Content-Type', bytes: post(''), status: 415 },
  ...[
    'https://evil.example',
    'null',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1:1',
    'file://',
    'http://localhost:1',
  ].flatMap((origin) => [
    { number: 47, what: `POST from Origin: ${origin}`, bytes: post(`${json}Origin: ${origin}\r\n`), status: 403 },
    { number: 47, what: `GET from Origin: ${origin}`, bytes: get('/api/events', `Origin: ${origin}\r\n`), status: 403 },
  ]),
  ...['cross-site', 'same-site'].map((site) => ({
    number: 47,
    what: `Sec-Fetch-Site: ${site}`,
    bytes: post(`${json}Sec-Fetch-Site: ${site}\r\n`),
    status: 403,
  })),
  ...['evil.example', 'localhost.evil.example', '127.0.0.1@evil.example', '127.0.0.1/evil', 'a b', '%00', ''].map(
    (host) => ({
      number: 48,
      what: `Host: ${host}`,
      bytes: () => request('GET /api/events', `Host: ${host}\r\n`),
      status: 403,
    }),
  ),
  { number: 48, what: 'no Host', bytes: () => request('GET /api/events', ''), status: null },
  {
    number: 48,
    what: 'two Hosts',
    bytes: (host) => request('GET /api/events', `Host: ${host}\r\nHost: evil.example\r\n`),
    status: 400,
  },
  {
    number: 48,
    what: 'two Hosts, the foreign one first',
    bytes: (host) => request('GET /api/events', `Host: evil.example\r\nHost: ${host}\r\n`),
    status: 400,
  },
  {
    number: 48,
    what: 'two Origins',
    bytes: post(`${json}Origin: http://localhost\r\nOrigin: https://evil.example\r\n`),
    status: 400,
  },
  { number: 46, what: 'two Content-Types', bytes: post(`${json}Content-Type: text/plain\r\n`), status: 400 },
  {
    number: 48,
    what: 'two Hosts of an upgrade',
    bytes: (host) =>
      request(
        'GET /ws',
        `Host: ${host}\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n`,
      ),
    status: 400,
  },
  { number: 50, what: 'TRACE', bytes: (host) => request('TRACE /api/events', `Host: ${host}\r\n`), status: 405 },
  {
    number: 50,
    what: 'CONNECT',
    bytes: (host) => request('CONNECT evil.example:443', `Host: ${host}\r\n`),
    status: 505,
  },
  {
    number: 50,
    what: 'OPTIONS *',
    bytes: (host) => request('OPTIONS *', `Host: ${host}\r\n`),
    status: 505,
    note: 'no target that begins with a slash',
  },
  {
    number: 50,
    what: 'OPTIONS',
    bytes: (host) => request('OPTIONS /api/events', `Host: ${host}\r\n`),
    status: 405,
    note: 'no CORS',
  },
  {
    number: 50,
    what: 'a method that nobody knows',
    bytes: (host) => request('BREW /api/events', `Host: ${host}\r\n`),
    status: 405,
  },
  { number: 50, what: 'PUT', bytes: (host) => request('PUT /api/events', `Host: ${host}\r\n`), status: 405 },
  { number: 50, what: 'an absolute URI', bytes: get('http://evil.example/api/events'), status: 505 },
  ...[
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2f..%2fpackage.json',
    '/assets/../../package.json',
    '/..\\..\\package.json',
    '//etc/passwd',
    '/%00',
    '/index.html%00.js',
    '/.git/config',
    '/api/events/..%2f..%2fstats/x',
  ].map((path) => ({ number: 50, what: path, bytes: get(path), status: 404 })),
  { number: 50, what: 'a path of 3 KiB', bytes: get(`/${'a'.repeat(3_000)}`), status: 404 },
  ...['%', '%zz', '%ff', '%c0%af'].map((position) => ({
    number: 50,
    what: `a position ${position}`,
    bytes: get(`/api/events/${position}`),
    status: 400,
  })),
  ...['-1', '1.5', '1e3', 'NaN', '99999999999999999999', '__proto__', '1;drop', '%20'].map((position) => ({
    number: 50,
    what: `a position ${position}`,
    bytes: get(`/api/events/${position}`),
    status: 400,
  })),
  ...[
    'limit=-1',
    'limit=1001',
    'limit=1e3',
    'after=x',
    'after=-1',
    'order=up',
    'epoch=x',
    'unknown=1',
    '__proto__=1',
    'after=1&after=2',
    'since=yesterday',
    'follow=maybe',
  ].map((query) => ({
    number: 50,
    what: `?${query}`,
    bytes: get(`/api/events?${query}`),
    status: query === 'epoch=x' ? 410 : 400,
  })),
  { number: 50, what: 'a parameter that is no UTF-8', bytes: get('/api/events?q=%ff%fe'), status: 200, note: 'U+FFFD' },
  {
    number: 50,
    what: 'Last-Event-ID of nonsense',
    bytes: get('/api/events', 'Accept: text/event-stream\r\nLast-Event-ID: ;DROP\r\n'),
    status: 400,
  },
  {
    number: 27,
    what: 'an Idempotency-Key with a control',
    bytes: post(`${json}Idempotency-Key: a\x01b\r\n`),
    status: null,
  },
  {
    number: 27,
    what: 'an Idempotency-Key of 129',
    bytes: post(`${json}Idempotency-Key: ${'k'.repeat(129)}\r\n`),
    status: 400,
  },
];
