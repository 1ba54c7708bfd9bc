import type { Subscription } from 'rxjs';
import { hubEvent } from '../../pipeline/alerting/hub-events.ts';
import { maxListed, type Outbox } from '../../pipeline/alerting/outbox.ts';
import type { Notification } from '../../pipeline/alerting/state.ts';
import type { TestMailResult } from '../../pipeline/alerting/test-mail.ts';
import type { Position, RecordedEvent } from '../../pipeline/event.ts';
import { attemptDecision } from './attempt-decision.ts';
import { deliver } from './delivery.ts';
import { mailOf, testMail, type MailOrigin } from './mail.ts';
import { Pause } from './pause.ts';
import type { EmailSettings } from './settings.ts';
import { emailIsOff, testResult } from './test-mail.ts';
import { plainReply, type Verdict } from './verdict.ts';

const maxInFlight = 2;
/** How long mails on their way may take when the hub stops. */
const drainMs = 5_000;
/** No timer waits longer: the clock may be set in between. */
const longestWaitMs = 60_000;

export interface EmailSinkOptions {
  readonly settings: EmailSettings;
  readonly outbox: Outbox;
  /** Those of the positions that the log still has. */
  readonly readEvents: (positions: readonly Position[]) => Promise<readonly RecordedEvent[]>;
  readonly epoch: string;
  /** Where people find the hub, for links. Asked for each mail: the port may be known only once the hub listens. */
  readonly publicUrl: () => string;
  readonly clock: () => number;
  readonly reportFailure: (error: unknown) => void;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
  readonly drainMs?: number;
}

export interface EmailSink {
  /** Begins to send what is due. */
  start(): void;
  /** Begins no more; mails on their way get 5 s. What is cut off then is sent again, with the same Message-ID, after the
   *  next start. */
  stop(): Promise<void>;
  status(): { readonly state: 'off' | 'ok' | 'paused'; readonly reason?: string };
  /** Sends a test past the outbox. When it goes out, a pause is over. */
  sendTest(to: string): Promise<TestMailResult>;
}

/** Sends the mails of the outbox, at least once each, and records what became of every attempt. */
export function createEmailSink(options: EmailSinkOptions): EmailSink {
  const { url } = options.settings;
  return url === undefined ? offSink : new Sender(options, { ...options.settings, url });
}

const offSink: EmailSink = {
  start: () => undefined,
  stop: () => Promise.resolve(),
  status: () => ({ state: 'off' }),
  sendTest: () => Promise.resolve(emailIsOff),
};

class Sender implements EmailSink {
  readonly #options: EmailSinkOptions;
  readonly #settings: EmailSettings & { url: string };
  readonly #pause = new Pause();
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #cut = new AbortController();
  /** Whether the log says last that mail is paused. */
  #isPauseAnnounced = false;
  /** Whether that was said before this start: then the first reason is taken for the same one. */
  #isReasonOfBefore = false;
  /** When the last pause of this run ended. */
  #resumedAt = 0;
  #subscription: Subscription | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: EmailSinkOptions, settings: EmailSettings & { url: string }) {
    this.#options = options;
    this.#settings = settings;
  }

  start(): void {
    this.#isPauseAnnounced = this.#options.outbox.mailFlow.isPaused;
    this.#isReasonOfBefore = this.#isPauseAnnounced;
    if (this.#isPauseAnnounced) this.#pause.resume();
    this.#subscription = this.#options.outbox.changed$.subscribe({
      next: () => {
        this.#sendDue();
      },
      error: this.#options.reportFailure,
    });
    this.#sendDue();
  }

  async stop(): Promise<void> {
    this.#subscription?.unsubscribe();
    this.#subscription = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const giveUp = setTimeout(() => {
      this.#cut.abort();
    }, this.#options.drainMs ?? drainMs);
    await Promise.all(this.#inFlight.values());
    clearTimeout(giveUp);
  }

  status(): ReturnType<EmailSink['status']> {
    return this.#pause.isOn ? { state: 'paused', reason: this.#pause.reason } : { state: 'ok' };
  }

  async sendTest(to: string): Promise<TestMailResult> {
    const mail = testMail(to, this.#origin, this.#options.clock());
    const verdict = await deliver(mail, this.#settings, this.#cut.signal);
    if (verdict.kind === 'sent') {
      await this.#resume(this.#options.clock());
      this.#sendDue();
    }
    return testResult(verdict);
  }

  get #origin(): MailOrigin {
    const { epoch, publicUrl } = this.#options;
    return { from: this.#settings.from, epoch, publicUrl: publicUrl() };
  }

  /** Starts what is due and may start, and sees to being called again. */
  #sendDue(): void {
    if (this.#subscription === null) return;
    const { outbox, clock } = this.#options;
    const now = clock();
    const isProbing = this.#pause.isOn;
    const limit = isProbing ? 1 : maxInFlight;
    if (!isProbing || now >= this.#pause.until) {
      for (const notification of outbox.due(now)) {
        if (this.#inFlight.size >= limit) break;
        if (!this.#inFlight.has(notification.id)) this.#begin(notification);
      }
    }
    this.#schedule(now);
  }

  #begin(notification: Notification): void {
    const sending = this.#send(notification)
      .catch((error: unknown) => {
        if (this.#subscription !== null) this.#options.reportFailure(error);
      })
      .finally(() => {
        this.#inFlight.delete(notification.id);
        this.#sendDue();
      });
    this.#inFlight.set(notification.id, sending);
  }

  #schedule(now: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#options.outbox.nextDueAt();
    // What is due and was not begun waits for one in flight, whose end comes here again.
    if (next === null || (next <= now && this.#inFlight.size > 0)) return;
    const wait = Math.min(longestWaitMs, Math.max(0, Math.max(next, this.#pause.until) - now));
    this.#timer = setTimeout(() => {
      this.#sendDue();
    }, wait);
  }

  async #send(notification: Notification): Promise<void> {
    const verdict = await this.#attempt(notification);
    if (this.#cut.signal.aborted && verdict.kind !== 'sent') return;
    const now = this.#options.clock();
    if (verdict.kind === 'refused') return this.#refuse(verdict);
    // A probe that did not get as far as the sender says nothing about the settings: the mail goes on waiting.
    if (this.#pause.isOn && verdict.kind === 'deferred' && !verdict.isPastSender) {
      this.#pause.prolong(now);
      return;
    }
    await this.#resume(now);
    const { outbox, random } = this.#options;
    const pausedUntil = Math.max(this.#resumedAt, outbox.mailFlow.resumedAt);
    await outbox.record(attemptDecision(notification, verdict, { now, pausedUntil, random: random ?? Math.random }));
  }

  async #attempt(notification: Notification): Promise<Verdict> {
    try {
      const events = await this.#options.readEvents(notification.queued.events.slice(0, maxListed));
      const mail = mailOf(notification, events, this.#origin, this.#options.clock());
      return await deliver(mail, this.#settings, this.#cut.signal);
    } catch (error) {
      this.#options.reportFailure(error);
      const reply = plainReply(`the mail could not be written: ${String(error)}`);
      return { kind: 'deferred', reply, leastWaitMs: 0, isPastSender: false };
    }
  }

  async #refuse({ reply, advice }: Extract<Verdict, { kind: 'refused' }>): Promise<void> {
    const isNews = this.#pause.refuse(`${reply}; ${advice}`, this.#options.clock());
    const text = `mail is paused, and mails wait: ${this.#pause.reason}`;
    if (isNews) this.#options.reportFailure(new Error(text));
    const isAnnounced = this.#isPauseAnnounced && (!isNews || this.#isReasonOfBefore);
    this.#isReasonOfBefore = false;
    if (isAnnounced) return;
    this.#isPauseAnnounced = true;
    await this.#options.outbox.announce(hubEvent('mail', 'error', text));
  }

  /** Mail goes through. */
  async #resume(now: number): Promise<void> {
    if (!this.#pause.isOn) return;
    this.#pause.end();
    this.#resumedAt = now;
    if (!this.#isPauseAnnounced) return;
    this.#isPauseAnnounced = false;
    await this.#options.outbox.announce(hubEvent('mail', 'info', 'mail goes out again'));
  }
}
