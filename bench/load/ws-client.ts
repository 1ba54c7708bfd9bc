import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { failureOf, openConnection } from './connection.ts';

const [text, ping, pong] = [0x1, 0x9, 0xa];
const final = 0x80;
const masked = 0x80;

/** Opens a WebSocket (RFC 6455) of a hub on this machine and hands on the text of each frame: no more of the protocol
 *  than the hub uses, so that the reader is faster than what it reads. Resolves when it is open, before which nothing may
 *  be sent (4.1); what goes wrong after that, in `received` too, is an error of the returned socket. */
export async function openWebSocket(port: number, path: string, received: (frame: string) => void): Promise<Socket> {
  const socket = await openConnection(port);
  socket.write(upgradeTo(path));
  let upgraded: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (upgraded = resolve));
  let isUpgraded = false;
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    try {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const headEnd = isUpgraded ? 0 : endOfHead(rest);
      isUpgraded ||= headEnd > 0;
      if (!isUpgraded) return;
      if (headEnd > 0) upgraded();
      rest = readFrames(rest.subarray(headEnd), (opcode, payload) => {
        if (opcode === text) received(payload.toString('utf8'));
        else if (opcode === ping) socket.write(controlFrame(pong, payload));
        else throw new Error(`the hub has sent a frame with opcode ${String(opcode)}: ${payload.toString('latin1')}`);
      });
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
  const failed = failureOf(socket);
  // It may fail later, when it is the caller who listens.
  failed.catch(() => undefined);
  await Promise.race([opened, failed]);
  return socket;
}

/** That a client is there still, sent unasked (RFC 6455 5.5.3): a server pings only one that was silent. */
export function unaskedPong(): Buffer {
  return controlFrame(pong, Buffer.alloc(0));
}

/** The request that makes a WebSocket of a connection. */
export function upgradeTo(path: string): string {
  const key = randomBytes(16).toString('base64');
  const fields = `Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}`;
  return `GET ${path} HTTP/1.1\r\n${fields}\r\n\r\n`;
}

/** A client's text frame, shorter than 4 GiB. */
export function textFrame(payload: string): Buffer {
  const bytes = Buffer.from(payload);
  const size = bytes.length;
  let head: number[];
  if (size < 126) head = [masked | size];
  else if (size < 2 ** 16) head = [masked | 126, size >> 8, size & 0xff];
  else head = [masked | 127, 0, 0, 0, 0, size >>> 24, (size >> 16) & 0xff, (size >> 8) & 0xff, size & 0xff];
  return Buffer.concat([Buffer.from([final | text, ...head, 0, 0, 0, 0]), bytes]);
}

/** On the wire, of a server's text frame. */
export function frameBytes(payload: string): number {
  const size = Buffer.byteLength(payload);
  if (size < 126) return 2 + size;
  return size < 2 ** 16 ? 4 + size : 10 + size;
}

/** Where the answer to the upgrade ends; 0 while it is incomplete. */
function endOfHead(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const head = bytes.toString('latin1', 0, end);
  if (!head.startsWith('HTTP/1.1 101')) throw new Error(`the hub refuses a WebSocket: ${head}`);
  return end + 4;
}

/** Hands on every frame that is complete and returns the rest. */
function readFrames(bytes: Buffer, received: (opcode: number, payload: Buffer) => void): Buffer {
  let at = 0;
  for (let size = frameSize(bytes, at); size !== undefined; size = frameSize(bytes, at)) {
    const start = at + size.head;
    const end = start + size.payload;
    if (end > bytes.length) break;
    const first = bytes[at] ?? 0;
    if ((first & final) === 0) throw new Error('the hub is not known to send fragments; got one');
    received(first & 0xf, bytes.subarray(start, end));
    at = end;
  }
  return bytes.subarray(at);
}

/** From a server, so without a mask; undefined while the head is incomplete. */
function frameSize(bytes: Buffer, at: number): { readonly head: number; readonly payload: number } | undefined {
  const left = bytes.length - at;
  const short = left < 2 ? undefined : bytes[at + 1];
  if (short === undefined) return undefined;
  if (short < 126) return { head: 2, payload: short };
  if (short === 126) return left < 4 ? undefined : { head: 4, payload: bytes.readUInt16BE(at + 2) };
  return left < 10 ? undefined : { head: 10, payload: Number(bytes.readBigUInt64BE(at + 2)) };
}

/** A client's frames are masked; with zeros the payload stays as it is. */
function controlFrame(opcode: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([final | opcode, masked | payload.length, 0, 0, 0, 0]), payload]);
}
