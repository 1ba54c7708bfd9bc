import type { Socket } from 'node:net';
import type { Backlog } from '../pipeline/backlog.ts';

export interface TcpIntakeOptions {
  readonly socket: Socket;
  readonly backlog: Backlog;
  /** Is given what has come, when there is room for what it becomes. */
  readonly push: (chunk: Buffer) => void;
  /** Whether the producer leaves too much unanswered, or too many answers unread. */
  readonly isBehind: () => boolean;
}

/** Reads a connection, and stops while there is no room for more: the producer then feels the hub's load as a closed TCP
 *  window. */
export class TcpIntake {
  readonly #options: TcpIntakeOptions;
  /** What came while the backlog was full, as it came: its drafts would take several times its size. */
  #unread: Buffer | null = null;
  #isWaitingForRoom = false;
  #isEnded = false;

  constructor(options: TcpIntakeOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): void {
    if (this.#isEnded) return;
    this.#unread = this.#unread === null ? chunk : Buffer.concat([this.#unread, chunk]);
    this.regulate();
  }

  /** Reads on, or stops reading; to be called whenever something has changed. */
  regulate(): void {
    if (this.#isEnded) return;
    const { socket, backlog, push, isBehind } = this.#options;
    if (this.#unread !== null && !backlog.isFull) {
      const chunk = this.#unread;
      this.#unread = null;
      push(chunk);
    }
    if (backlog.isFull || isBehind()) {
      socket.pause();
      if (backlog.isFull) this.#waitForRoom();
    } else if (socket.isPaused()) {
      socket.resume();
    }
  }

  /** Reads on and ignores: a connection that is closed with unread input is reset, and its last answers are lost with it. */
  end(): void {
    this.#isEnded = true;
    this.#options.socket.resume();
  }

  #waitForRoom(): void {
    if (this.#isWaitingForRoom) return;
    this.#isWaitingForRoom = true;
    this.#options.backlog.whenRoom(() => {
      this.#isWaitingForRoom = false;
      this.regulate();
    });
  }
}
