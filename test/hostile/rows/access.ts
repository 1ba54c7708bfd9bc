const mebibyte = 1024 * 1024;
const good = '{"message":"good"}\n';

/** The beginning of a connection to a hub that asks for a token, which is not to be let in. */
export interface FirstLineRow {
  readonly what: string;
  /** `token` is a valid one. */
  readonly bytes: (token: string) => string | Buffer;
  /** The answer waits a little. */
  readonly isSlow?: true;
}

/** Row 35. */
export const firstLineRows: readonly FirstLineRow[] = [
  { what: 'a missing token', bytes: () => good },
  { what: 'an empty token', bytes: () => `{"token":""}\n${good}`, isSlow: true },
  { what: 'a wrong token', bytes: (token) => `{"token":"${token}x"}\n${good}`, isSlow: true },
  { what: 'a part of the token', bytes: (token) => `{"token":"${token.slice(0, -1)}"}\n${good}`, isSlow: true },
  { what: 'the token in capitals', bytes: (token) => `{"token":"${token.toUpperCase()}"}\n${good}`, isSlow: true },
  { what: 'the token and a NUL', bytes: (token) => `{"token":"${token}\\u0000"}\n${good}`, isSlow: true },
  { what: 'a token of 60 KiB', bytes: () => `{"token":"${'x'.repeat(60_000)}"}\n${good}`, isSlow: true },
  { what: 'a token of 1 MiB', bytes: () => `{"token":"${'x'.repeat(mebibyte)}"}\n${good}` },
  { what: 'a token that is a list', bytes: (token) => `{"token":["${token}"]}\n${good}` },
  { what: 'a token beside a draft', bytes: (token) => `{"token":"${token}","message":"good"}\n${good}` },
  { what: 'a token in the second line', bytes: (token) => `${good}{"token":"${token}"}\n` },
  {
    what: 'a token that is no UTF-8',
    bytes: () => Buffer.from(`{"token":"\xff\xfe"}\n${good}`, 'latin1'),
    isSlow: true,
  },
  { what: 'a header of HTTP', bytes: (token) => `Authorization: Bearer ${token}\n${good}` },
];

/** Header lines of a request to a hub that asks for a token. */
export interface AuthorizationRow {
  readonly what: string;
  readonly lines: (token: string) => string;
  /** Null where the connection ends without an answer. */
  readonly status: number | null;
  readonly note?: string;
}

/** Row 52. */
export const authorizationRows: readonly AuthorizationRow[] = [
  { what: 'none', lines: () => '', status: 401 },
  { what: 'the same twice', lines: (token) => `Authorization: Bearer ${token}\r\n`.repeat(2), status: 401 },
  {
    what: 'a wrong one, then the right one',
    lines: (token) => `Authorization: Bearer wrong\r\nAuthorization: Bearer ${token}\r\n`,
    status: 401,
  },
  {
    what: 'the right one, then a wrong one',
    lines: (token) => `Authorization: Bearer ${token}\r\nAuthorization: Bearer wrong\r\n`,
    status: 401,
  },
  { what: 'two in one', lines: (token) => `Authorization: Bearer ${token}, Bearer ${token}\r\n`, status: 401 },
  {
    what: 'Basic',
    lines: (token) => `Authorization: Basic ${Buffer.from(`:${token}`).toString('base64')}\r\n`,
    status: 401,
  },
  { what: 'no scheme', lines: (token) => `Authorization: ${token}\r\n`, status: 401 },
  { what: 'no token', lines: () => 'Authorization: Bearer \r\n', status: 401 },
  { what: '3 KiB', lines: () => `Authorization: Bearer ${'x'.repeat(3_000)}\r\n`, status: 401 },
  { what: '8 KiB', lines: () => `Authorization: Bearer ${'x'.repeat(8_192)}\r\n`, status: 401 },
  { what: 'a NUL at the end', lines: (token) => `Authorization: Bearer ${token}\0\r\n`, status: null },
  { what: 'a tab before the token', lines: (token) => `Authorization: Bearer\t${token}\r\n`, status: 401 },
  { what: 'non-ASCII', lines: (token) => `Authorization: Bearer \u00e9${token}\r\n`, status: 401 },
  {
    what: 'non-ASCII at the end',
    lines: (token) => `Authorization: Bearer ${token}\u00e9\r\n`,
    status: 200,
    note: 'uWebSockets.js takes such bytes at the end of a header for blanks; the whole token is there',
  },
  { what: 'another header', lines: (token) => `X-Authorization: Bearer ${token}\r\n`, status: 401 },
  {
    what: 'the claim to be this machine',
    lines: () => 'X-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\n',
    status: 401,
    note: 'row 51',
  },
];
