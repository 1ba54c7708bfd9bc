/** Why the hub closes a WebSocket (RFC 6455, 7.4). After `restarting`, `unresponsive`, `unreadable` and, some time later,
 *  `tooMany` a client connects again; after `unauthorized` and `goneOrWrongEpoch` it would only be refused again. */
export const closeCodes = {
  unreadable: 1011,
  restarting: 1012,
  unauthorized: 4401,
  unresponsive: 4408,
  goneOrWrongEpoch: 4410,
  tooMany: 4429,
} as const;
