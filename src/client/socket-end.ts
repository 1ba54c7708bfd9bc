/** Why a connection ended. After a final one, connecting again with the same request could only end the same way. */
export interface SocketEnd {
  readonly code: string;
  readonly reason: string;
  readonly isFinal: boolean;
}

/** The hub's close codes (contract, section 5) and what they say when the hub gives no reason. */
const endByClose: ReadonlyMap<number, SocketEnd> = new Map([
  [4401, { code: 'unauthorized', reason: 'the hub wants a valid token', isFinal: true }],
  [4403, { code: 'forbidden', reason: 'the token does not allow this', isFinal: true }],
  [4410, { code: 'wrong_epoch', reason: 'the hub no longer has this place in its log', isFinal: true }],
  [1012, { code: 'restarting', reason: 'the hub is restarting', isFinal: false }],
  [4408, { code: 'unresponsive', reason: 'the hub had no sign of life from here', isFinal: false }],
  [4429, { code: 'rate_limited', reason: 'the hub has too many connections', isFinal: false }],
]);

export function endOfClose(closeCode: number, reason: string): SocketEnd {
  const known = endByClose.get(closeCode);
  if (known === undefined) {
    return { code: 'unavailable', reason: reason || `the connection ended (${closeCode})`, isFinal: false };
  }
  const code = closeCode === 4410 && reason.startsWith('gone') ? 'gone' : known.code;
  return { ...known, code, reason: reason || known.reason };
}

/** `ws` tells a refused upgrade in words; a browser does not tell it at all. */
export function endOfFailure(failure: string): SocketEnd {
  const status = /^Unexpected server response: (\d+)$/.exec(failure)?.[1];
  const code = status === undefined ? undefined : codeByUpgradeStatus.get(status);
  if (code !== undefined)
    return { code, reason: `the hub refused the connection (HTTP ${status ?? ''})`, isFinal: true };
  return { code: 'unavailable', reason: failure || 'the connection failed', isFinal: false };
}

const codeByUpgradeStatus: ReadonlyMap<string, string> = new Map([
  ['400', 'invalid_request'],
  ['401', 'unauthorized'],
  ['403', 'forbidden'],
  ['404', 'not_found'],
  ['410', 'wrong_epoch'],
]);
