import type { Socket } from 'node:net';
import { looksLikeProxyHeader } from '../limits/proxy-protocol.ts';
import type { LimitName, Refusals } from '../limits/refusals.ts';
import type { LimitSettings } from '../limits/settings.ts';
import type { Outcome } from '../pipeline/outcome.ts';

const newline = 0x0a;
const tickMs = 1_000;

type Timeouts = Pick<LimitSettings, 'idleTimeout' | 'inputTimeout' | 'answerTimeout'>;

/** What the watch needs of a connection. */
export interface Watched {
  /** Whether it is known who sends, or need not be. */
  readonly isAdmitted: boolean;
  /** Answers once more and ends the connection in order. */
  cut(outcome: Outcome): void;
}

interface Watching {
  readonly connection: Watched;
  /** It is ending; only whether it reads its last answers is still looked at. */
  isCut: boolean;
  /** When it began. */
  since: number;
  /** When something came last. */
  heardAt: number;
  /** When the line began that is not finished yet, or null. */
  begunAt: number | null;
  /** Bytes of answers that the system had taken when it last took some. */
  taken: number;
  takenAt: number;
}

/** Ends connections that stay silent, do not finish a line, or do not read their answers, and those that begin with a PROXY
 *  header, which only a trusted proxy's may: there it has been read before. Time is counted in ticks of a
 *  second, so that a hub which was itself stopped for a while blames nobody for it. */
export class TcpWatch {
  readonly #settings: Timeouts;
  readonly #refusals: Refusals;
  readonly #watching = new Map<Socket, Watching>();
  #now = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: Timeouts, refusals: Refusals) {
    this.#settings = settings;
    this.#refusals = refusals;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.tick();
    }, tickMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** To be called before the connection listens to the socket. */
  add(socket: Socket, connection: Watched): void {
    const watching: Watching = {
      connection,
      isCut: false,
      since: this.#now,
      heardAt: this.#now,
      begunAt: null,
      taken: 0,
      takenAt: this.#now,
    };
    this.#watching.set(socket, watching);
    socket.once('data', (chunk: Buffer) => {
      if (!looksLikeProxyHeader(chunk)) return;
      const error = 'PROXY header: not from an address of trustedProxies';
      this.#cut(watching, 'proxy_header', { kind: 'rejected', code: 'invalid_request', error });
    });
    socket.on('data', (chunk: Buffer) => {
      watching.heardAt = this.#now;
      if (chunk[chunk.length - 1] === newline) watching.begunAt = null;
      else if (watching.begunAt === null || chunk.includes(newline)) watching.begunAt = this.#now;
    });
    socket.once('end', () => (watching.begunAt = null));
    socket.once('close', () => this.#watching.delete(socket));
  }

  /** A second has passed. */
  tick(): void {
    this.#now += 1;
    for (const [socket, watching] of this.#watching) this.#look(socket, watching);
  }

  #look(socket: Socket, watching: Watching): void {
    const taken = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength === 0 || taken > watching.taken) {
      watching.taken = taken;
      watching.takenAt = this.#now;
    }
    if (this.#isOver(watching.takenAt, this.#settings.answerTimeout)) {
      // An answer would not be read either.
      this.#refusals.count('unread_answers');
      socket.destroy();
      return;
    }
    if (watching.isCut) return;
    // While the hub does not read, silence is its own.
    if (socket.isPaused()) {
      watching.since = watching.heardAt = this.#now;
      if (watching.begunAt !== null) watching.begunAt = this.#now;
      return;
    }
    this.#cutIfLate(watching);
  }

  #cutIfLate(watching: Watching): void {
    const { inputTimeout, idleTimeout } = this.#settings;
    if (!watching.connection.isAdmitted && this.#isOver(watching.since, inputTimeout)) {
      this.#cut(watching, 'unfinished_input', {
        kind: 'rejected',
        code: 'unauthorized',
        error: `a token is needed within ${seconds(inputTimeout)}: send {"token":"…"} as the first line`,
      });
    } else if (watching.begunAt !== null && this.#isOver(watching.begunAt, inputTimeout)) {
      this.#cut(watching, 'unfinished_input', {
        kind: 'rejected',
        code: 'invalid_request',
        error: `line: must be finished within ${seconds(inputTimeout)}; this one is not recorded`,
      });
    } else if (this.#isOver(watching.heardAt, idleTimeout)) {
      this.#cut(watching, 'idle', {
        kind: 'failed',
        code: 'unavailable',
        error: `nothing came for ${seconds(idleTimeout)}; connect again when there is something to send`,
      });
    }
  }

  #isOver(since: number, timeoutMs: number): boolean {
    return (this.#now - since) * tickMs >= timeoutMs;
  }

  #cut(watching: Watching, limit: LimitName, outcome: Outcome): void {
    this.#refusals.count(limit);
    watching.connection.cut(outcome);
    watching.isCut = true;
  }
}

function seconds(ms: number): string {
  return `${String(ms / 1_000)} s`;
}
