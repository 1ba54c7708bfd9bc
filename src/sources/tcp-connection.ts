import type { Socket } from 'node:net';
import { Observable, type Subscriber } from 'rxjs';
import type { Allowance } from '../limits/allowance.ts';
import { sourceRefusal, type Access, type Principal } from '../pipeline/access.ts';
import type { Backlog } from '../pipeline/backlog.ts';
import { draftLimits } from '../pipeline/draft-limits.ts';
import { tooLarge } from '../pipeline/draft.ts';
import type { Envelope } from '../pipeline/envelope.ts';
import type { EventDraft } from '../pipeline/event.ts';
import { verdictText, type Outcome } from '../pipeline/outcome.ts';
import { AnswerQueue } from './answer-queue.ts';
import { parseDraftLine } from './draft-line.ts';
import { LineSplitter } from './line-splitter.ts';
import { readGreeting, tokenMissing, type Refusal } from './tcp-greeting.ts';
import { isOfWebPage, pageRefused } from './web-page.ts';

/** Reading stops while a connection has so many lines unanswered: several windows of a busy producer. */
const maxOpenAnswers = 4_096;
/** Reading stops while the producer leaves so many bytes of answers unread. */
const maxUnreadAnswerBytes = 65_536;
/** A producer that does not end its side after the hub has ended its own is cut off. */
const lingerMs = 1_000;

export interface TcpProducer {
  readonly address: string;
  /** What may be sent with the token of this id, or without one; null when there is no limit. */
  allowanceOf(token: string | null): Allowance | null;
}

/** One producer's connection: cuts lines, answers what is invalid on the spot and emits the rest. */
export class TcpConnection {
  readonly #socket: Socket;
  readonly #backlog: Backlog;
  readonly #producer: TcpProducer;
  readonly #access: Access;
  readonly #answers: AnswerQueue;
  readonly #lines: LineSplitter;
  #subscriber: Subscriber<Envelope> | null = null;
  #isFirstLine = true;
  /** Who sends; null when that is not known yet, and must be. */
  #principal: Principal | null = null;
  #allowance: Allowance | null = null;
  /** Whether what has just come counts. What is refused costs nothing, or who insists would never be let in again. */
  #isCounting = false;
  #forgetEnd: () => void = () => undefined;
  /** What comes is not looked at any more. */
  #isRefused = false;
  /** No more lines: the producer has ended its side, or the hub is stopping. */
  #isEnding = false;
  #isWaitingForRoom = false;
  /** What came while the backlog was full, as it came: its drafts would take several times its size. */
  #unread: Buffer | null = null;

  constructor(socket: Socket, backlog: Backlog, access: Access, producer: TcpProducer) {
    this.#socket = socket;
    this.#backlog = backlog;
    this.#access = access;
    this.#producer = producer;
    this.#answers = new AnswerQueue((answers) => {
      this.#write(answers.join(''));
    });
    this.#lines = new LineSplitter(draftLimits.maxBytes, {
      line: (bytes) => {
        this.#line(bytes);
      },
      tooLong: () => {
        if (this.#isRefused) return;
        if (this.#principal === null) this.#refuse(tokenMissing);
        else this.#settle(this.#answers.ask(), tooLarge('line'));
      },
    });
  }

  /** Emits the connection's drafts while subscribed to. Completes when the producer has no more; what was emitted is
   *  answered all the same, and only then is the connection closed. */
  read(): Observable<Envelope> {
    return new Observable((subscriber) => {
      this.#subscriber = subscriber;
      this.#admit(this.#access.anonymous);
      this.#socket.on('data', (chunk) => {
        if (this.#isEnding) return;
        this.#unread = this.#unread === null ? chunk : Buffer.concat([this.#unread, chunk]);
        this.#regulate();
      });
      this.#socket.on('end', () => {
        if (!this.#isEnding) this.#lines.end();
        this.#end();
        subscriber.complete();
      });
      this.#socket.on('drain', () => {
        this.#regulate();
      });
      // A broken connection is the producer's business: it resends what it has no answer for.
      this.#socket.on('error', () => undefined);
      this.#socket.on('close', () => {
        this.#forgetEnd();
        subscriber.complete();
      });
      return () => {
        this.#end();
      };
    });
  }

  /** Answers once more, after everything else, and ends the connection. */
  cut(outcome: Outcome): void {
    if (this.#isEnding) return;
    this.#settle(this.#answers.ask(), outcome);
    this.#end();
    this.#subscriber?.complete();
  }

  #line(bytes: Buffer): void {
    if (bytes.length === 0 || this.#isRefused || (this.#isFirstLine && this.#begin(bytes))) return;
    const ticket = this.#answers.ask();
    if (this.#allowance !== null && !this.#isAllowed(this.#allowance, ticket)) return;
    const parsed = parseDraftLine(bytes);
    if (!parsed.ok) {
      if (isOfWebPage(bytes)) this.#refuse(pageRefused, ticket);
      else this.#settle(ticket, parsed.outcome);
      return;
    }
    this.#emit(ticket, parsed.draft, bytes.length);
  }

  #emit(ticket: number, draft: EventDraft, bytes: number): void {
    const refusal = sourceRefusal(draft, this.#principal?.sources ?? null);
    if (refusal !== undefined) {
      this.#settle(ticket, refusal);
      return;
    }
    this.#subscriber?.next({
      draft,
      channel: 'tcp',
      bytes,
      settle: (outcome) => {
        this.#settle(ticket, outcome);
      },
    });
  }

  #isAllowed(allowance: Allowance, ticket: number): boolean {
    const wait = allowance.refusal();
    if (wait === null) allowance.take({ events: 1 });
    else this.#settle(ticket, { kind: 'rejected', code: 'rate_limited', ...wait });
    return wait === null;
  }

  /** Whether the first line is no draft to be read: it is a token, or one is missing. */
  #begin(line: Buffer): boolean {
    this.#isFirstLine = false;
    const greeting = readGreeting(line, this.#access);
    if (greeting.kind === 'refused') this.#refuse(greeting.refusal);
    if (greeting.kind === 'welcome') {
      this.#admit(greeting.principal);
      this.#answers.answer(this.#answers.ask(), '{"ok":true}\n');
    }
    return greeting.kind !== 'draft';
  }

  #admit(principal: Principal | null): void {
    this.#forgetEnd();
    this.#principal = principal;
    this.#allowance = this.#producer.allowanceOf(principal?.token ?? null);
    this.#isCounting = this.#allowance?.hasCredit === true;
    if (principal === null) return;
    this.#forgetEnd = principal.onEnd(() => {
      this.#refuse({ code: 'unauthorized', error: 'the token is no longer valid' });
    });
  }

  /** Answers, after what is still to be answered, and ends the connection. */
  #refuse({ code, error, afterMs = 0, shown }: Refusal, place?: number): void {
    if (this.#isRefused || this.#isEnding) return;
    this.#isRefused = true;
    if (shown !== undefined) this.#access.failed({ channel: 'tcp', address: this.#producer.address, shown });
    const ticket = place ?? this.#answers.ask();
    setTimeout(() => {
      this.#settle(ticket, { kind: 'rejected', code, error });
      this.#end();
    }, afterMs);
  }

  #settle(ticket: number, outcome: Outcome): void {
    this.#answers.answer(ticket, `${verdictText(outcome)}\n`);
  }

  #write(text: string): void {
    if (!this.#socket.writable) return;
    this.#socket.write(text);
    if (this.#isEnding) this.#endWhenAnswered();
    else this.#regulate();
  }

  /** Reads on, or stops reading: the producer then feels the hub's load as a closed TCP window. */
  #regulate(): void {
    if (this.#isEnding) return;
    if (this.#unread !== null && !this.#backlog.isFull) {
      const chunk = this.#unread;
      this.#unread = null;
      this.#push(chunk);
    }
    const isBehind =
      this.#answers.open >= maxOpenAnswers ||
      this.#socket.writableLength >= maxUnreadAnswerBytes ||
      this.#backlog.isFull;
    if (isBehind) {
      this.#socket.pause();
      if (this.#backlog.isFull) this.#waitForRoom();
    } else if (this.#socket.isPaused()) {
      this.#socket.resume();
    }
  }

  /** The token may be among what comes, and then it is what the rest counts for. */
  #push(chunk: Buffer): void {
    this.#isCounting = this.#allowance?.hasCredit === true;
    this.#lines.push(chunk);
    if (this.#isCounting) this.#allowance?.take({ bytes: chunk.length });
  }

  #waitForRoom(): void {
    if (this.#isWaitingForRoom) return;
    this.#isWaitingForRoom = true;
    this.#backlog.whenRoom(() => {
      this.#isWaitingForRoom = false;
      this.#regulate();
    });
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    // Read on and ignore: a connection that is closed with unread input is reset, and its last answers are lost with it.
    this.#socket.resume();
    this.#endWhenAnswered();
  }

  #endWhenAnswered(): void {
    if (this.#answers.open > 0 || this.#socket.writableEnded) return;
    this.#socket.end(() => {
      setTimeout(() => {
        this.#socket.destroy();
      }, lingerMs).unref();
    });
  }
}
