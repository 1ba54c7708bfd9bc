import type { Socket } from 'node:net';
import { Observable, type Subscriber } from 'rxjs';
import type { Allowance } from '../limits/allowance.ts';
import type { Leave } from '../limits/occupancy.ts';
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
import { readGreeting, tokenMissing, tooManyWithToken, type Refusal } from './tcp-greeting.ts';
import { TcpIntake } from './tcp-intake.ts';
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
  /** Takes a place among the connections of this token; null when there is none. */
  enterWith(token: string | null): Leave | null;
}

/** One producer's connection: cuts lines, answers what is invalid on the spot and emits the rest. */
export class TcpConnection {
  readonly #socket: Socket;
  readonly #producer: TcpProducer;
  readonly #access: Access;
  readonly #answers: AnswerQueue;
  readonly #lines: LineSplitter;
  readonly #intake: TcpIntake;
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

  constructor(socket: Socket, backlog: Backlog, access: Access, producer: TcpProducer) {
    this.#socket = socket;
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
    this.#intake = new TcpIntake({
      socket,
      backlog,
      push: (chunk) => {
        this.#push(chunk);
      },
      isBehind: () => this.#answers.open >= maxOpenAnswers || socket.writableLength >= maxUnreadAnswerBytes,
    });
  }

  get isAdmitted(): boolean {
    return this.#principal !== null;
  }

  /** Emits the connection's drafts while subscribed to. Completes when the producer has no more; what was emitted is
   *  answered all the same, and only then is the connection closed. */
  read(): Observable<Envelope> {
    return new Observable((subscriber) => {
      this.#subscriber = subscriber;
      this.#admit(this.#access.anonymous);
      this.#socket.on('data', (chunk) => {
        this.#intake.take(chunk);
      });
      this.#socket.on('end', () => {
        if (!this.#isEnding) this.#lines.end();
        this.#end();
        subscriber.complete();
      });
      this.#socket.on('drain', () => {
        this.#intake.regulate();
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
    if (isOfWebPage(bytes)) {
      this.#refuse(pageRefused, ticket);
      return;
    }
    if (this.#allowance !== null && !this.#isAllowed(this.#allowance, ticket)) return;
    const parsed = parseDraftLine(bytes);
    if (parsed.ok) this.#emit(ticket, parsed.draft, bytes.length);
    else this.#settle(ticket, parsed.outcome);
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
    if (greeting.kind === 'welcome') this.#welcome(greeting.principal);
    return greeting.kind !== 'draft';
  }

  #welcome(principal: Principal): void {
    const leave = this.#producer.enterWith(principal.token);
    if (leave === null) {
      this.#refuse(tooManyWithToken);
      return;
    }
    this.#socket.once('close', leave);
    this.#admit(principal);
    this.#answers.answer(this.#answers.ask(), '{"ok":true}\n');
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
  #refuse({ code, error, afterMs = 0, shown, retryAfter }: Refusal, place?: number): void {
    if (this.#isRefused || this.#isEnding) return;
    this.#isRefused = true;
    if (shown !== undefined) this.#access.failed({ channel: 'tcp', address: this.#producer.address, shown });
    const ticket = place ?? this.#answers.ask();
    setTimeout(() => {
      this.#settle(ticket, { kind: 'rejected', code, error, ...(retryAfter === undefined ? {} : { retryAfter }) });
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
    else this.#intake.regulate();
  }

  /** The token may be among what comes, and then it is what the rest counts for. */
  #push(chunk: Buffer): void {
    this.#isCounting = this.#allowance?.hasCredit === true;
    this.#lines.push(chunk);
    if (this.#isCounting) this.#allowance?.take({ bytes: chunk.length });
  }

  #end(): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#intake.end();
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
