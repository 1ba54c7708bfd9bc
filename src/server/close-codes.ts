/** Why the hub closes a WebSocket (RFC 6455, 7.4). After `restarting` and `unresponsive` a client connects again; after
 *  `goneOrWrongEpoch` it would only be refused again. */
export const closeCodes = {
  restarting: 1012,
  unresponsive: 4408,
  goneOrWrongEpoch: 4410,
} as const;
