/** Why the hub closes a WebSocket (RFC 6455, 7.4). After `restarting`, `unresponsive` and `tooMany` a client connects again; after
 *  the others it would only be refused again. */
export const closeCodes = {
  restarting: 1012,
  unauthorized: 4401,
  forbidden: 4403,
  unresponsive: 4408,
  goneOrWrongEpoch: 4410,
  tooMany: 4429,
} as const;
