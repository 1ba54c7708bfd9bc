import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import WebSocket from 'ws';

/** A flood of one kind, in a process of its own: `kind tcpPort httpPort count`. Says `begun` to its parent once it is at its
 *  height, and goes on until it is killed. It comes from another address of this machine than everyone else. */
const [kind = '', tcpPort = '', httpPort = '', count = ''] = process.argv.slice(2);
const localAddress = '127.0.0.2';
/** Connections that are opened at a time, so that the system's queue of new ones does not overflow. */
const atOnce = 100;
/** A storm's connections: so many at a time, each again after a moment, some 2,500 a second. */
const inStorm = 50;
const stormPauseMs = 20;
/** Nothing more is taken of what was sent. */
const stuckMs = 4_000;
const pingsAtOnce = 1_000;

const floods: Readonly<Record<string, () => Promise<unknown>>> = {
  idle: () => connectMany(() => undefined),
  trickle: () =>
    connectMany((socket) => {
      const timer = setInterval(() => socket.write('x'), 1_000);
      socket.once('close', () => {
        clearInterval(timer);
      });
    }),
  storm: async () => {
    for (let at = 0; at < inStorm; at += 1) void connectForever();
  },
  unread: async () => {
    await Promise.all(Array.from({ length: Number(count) }, async () => sendUnread(await open())));
  },
  pings: async () => {
    for (let at = 0; at < Number(count); at += 1) void pingForever();
  },
  replays: async () => {
    for (let at = 0; at < Number(count); at += 1) void replayForever();
  },
};

async function open(): Promise<Socket> {
  const socket = connect({ port: Number(tcpPort), host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

async function connectMany(use: (socket: Socket) => void): Promise<void> {
  for (let opened = 0; opened < Number(count); opened += atOnce) {
    const batch = Math.min(atOnce, Number(count) - opened);
    const sockets = await Promise.all(Array.from({ length: batch }, () => open()));
    sockets.forEach(use);
  }
}

/** Resolves once the hub reads no more of it. */
async function sendUnread(socket: Socket): Promise<void> {
  socket.pause();
  const chunk = '{"source":"flood","message":"and no one reads what you answer"}\n'.repeat(1_000);
  for (;;) {
    const drained = socket.write(chunk) ? Promise.resolve() : once(socket, 'drain');
    if ((await Promise.race([drained, delay(stuckMs, 'stuck')])) === 'stuck') return;
  }
}

async function connectForever(): Promise<never> {
  for (;;) {
    (await open()).resume().resetAndDestroy();
    await delay(stormPauseMs);
  }
}

async function pingForever(): Promise<never> {
  for (;;) {
    const socket = new WebSocket(`ws://127.0.0.1:${httpPort}/ws?subscribe=0`, { localAddress });
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    await Promise.race([once(socket, 'open'), closed]);
    // 50,000 a second, as long as it is let.
    for (let isOpen = true; isOpen; isOpen = socket.readyState === WebSocket.OPEN) {
      for (let at = 0; at < pingsAtOnce; at += 1) socket.ping(undefined, undefined, () => undefined);
      await delay(20);
    }
    await closed;
  }
}

async function replayForever(): Promise<never> {
  for (;;) {
    const socket = new WebSocket(`ws://127.0.0.1:${httpPort}/ws?after=0`, { localAddress });
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    socket.on('message', (data: Buffer) => {
      if (data.includes('"type":"caught_up"')) socket.terminate();
    });
    await closed;
  }
}

await floods[kind]?.();
process.send?.('begun');
// While the parent listens, whatever has become of the connections.
setInterval(() => undefined, 1_000);
