import type { Socket } from 'node:net';
import { addressKey, plainAddress } from '../limits/address.ts';
import type { Limits } from '../limits/limits.ts';
import type { Access } from '../pipeline/access.ts';
import type { Outcome } from '../pipeline/outcome.ts';
import { readOpening } from './proxy-opening.ts';
import { TcpRefusal } from './tcp-refusal.ts';

/** Lets connections in, as many as the limits allow, and learns who is behind a trusted proxy. Who is refused is told why. */
export class TcpDoor {
  readonly #limits: Limits;
  readonly #access: Access;
  readonly #isSecure: boolean;
  readonly #refusal: TcpRefusal;
  /** Of trusted proxies, that have not said yet whom they speak for. */
  readonly #waiting = new Set<Socket>();

  constructor(limits: Limits, access: Access, isSecure: boolean) {
    this.#limits = limits;
    this.#access = access;
    this.#isSecure = isSecure;
    this.#refusal = new TcpRefusal(isSecure);
  }

  /** Calls `admit` with the producer's own address, once it is known; all that the producer sends is then still to be read, and
   *  the socket may be paused. */
  enter(socket: Socket, admit: (address: string) => void): void {
    const peer = plainAddress(socket.remoteAddress ?? '');
    if (this.#limits.proxies.includes(peer)) this.#enterBehindProxy(socket, peer, admit);
    else if (this.#takePlace(socket, peer)) admit(peer);
  }

  /** Lets nobody wait any longer. */
  close(): void {
    for (const socket of this.#waiting) socket.destroy();
  }

  /** A trusted peer may also be a producer itself, which sends no header. */
  #enterBehindProxy(socket: Socket, peer: string, admit: (address: string) => void): void {
    this.#waiting.add(socket);
    socket.once('close', () => this.#waiting.delete(socket));
    const { idleTimeout, inputTimeout } = this.#limits.settings;
    // A handshake, and a token, come first, also from who has no event yet.
    const mustBegin = this.#isSecure || this.#access.anonymous === null;
    const patience = { idleTimeout: mustBegin ? inputTimeout : idleTimeout, inputTimeout };
    readOpening(socket, patience, (opening, input) => {
      this.#waiting.delete(socket);
      if (opening.kind === 'invalid') {
        this.#limits.refusals.count('proxy_header');
        this.#refusal.refuse(socket, { kind: 'rejected', code: 'invalid_request', error: opening.error });
        return;
      }
      const address = opening.kind === 'none' ? peer : plainAddress(opening.address ?? peer);
      if (!this.#takePlace(socket, address)) return;
      const rest = opening.kind === 'none' ? input : input.subarray(opening.bytes);
      if (rest.length > 0) socket.unshift(rest);
      admit(address);
    });
  }

  /** Whether there is a place for the address; it is given back when the connection closes. */
  #takePlace(socket: Socket, address: string): boolean {
    const key = addressKey(address);
    if (!this.#limits.mayConnect(key)) {
      this.#refusal.refuse(socket, tooMany('too many new connections; connect again in a second'));
      return false;
    }
    const leave = this.#limits.tcpConnections.enter(key);
    if (leave === null) this.#refusal.refuse(socket, tooMany('too many connections; close some, or wait'));
    else socket.once('close', leave);
    return leave !== null;
  }
}

function tooMany(error: string): Outcome {
  return { kind: 'rejected', code: 'rate_limited', error, retryAfter: 1 };
}
