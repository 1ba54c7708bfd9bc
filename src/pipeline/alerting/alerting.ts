import { setTimeout as delay } from 'node:timers/promises';
import { Observable, Subject, tap } from 'rxjs';
import type { Sink } from '../component.ts';
import type { EventDraft, Position } from '../event.ts';
import type { AppendItem, EventLog } from '../event-log.ts';
import type { LogRecord } from '../record.ts';
import type { Claims } from '../retention.ts';
import { Alarm } from './alarm.ts';
import { decide, nextDecisionAt, prune } from './decide.ts';
import type { Route } from './decision.ts';
import type { DecisionSource } from './decision-source.ts';
import { dueAt, nextDueAt } from './due.ts';
import { evolve, redact } from './evolve.ts';
import { hubChannel } from './hub-events.ts';
import { insistently, type Insistence } from './insistently.ts';
import { LogFollower } from './log-follower.ts';
import type { AttemptDecision, Outbox } from './outbox.ts';
import { snapshotOf, stateOf } from './snapshot.ts';
import { emptyState, type AlertingState, type Group, type MailFlow, type Notification } from './state.ts';
import { untold } from './untold.ts';

const consumer = 'alerting';
const checkpointMs = 5_000;
/** After the log could not take a decision, or could not be read. */
const retryMs = 1_000;

export interface AlertingOptions {
  readonly log: EventLog;
  readonly decisions: DecisionSource;
  /** Empty when e-mail is off: then nothing is queued. */
  readonly routes: readonly Route[];
  readonly clock: () => number;
  readonly reportFailure: (error: unknown) => void;
}

/** Runs the decider on the live log: folds every record, decides when something was recorded or time has passed, and has
 *  its decisions appended to the same log, where it meets them again as records. So its state is always a fold over the log, and
 *  a crash at any moment loses and repeats nothing. */
export class Alerting implements Outbox {
  readonly #options: AlertingOptions;
  readonly #state: AlertingState;
  readonly #follower: LogFollower;
  readonly #alarm: Alarm;
  readonly #changed$ = new Subject<void>();
  /** Null until there is a checkpoint. */
  #savedPosition: number | null;
  #areRoutesKnown = true;
  #isAppending = false;
  #isStopped = false;

  private constructor(options: AlertingOptions, state: AlertingState, isSaved: boolean) {
    this.#options = options;
    this.#state = state;
    this.#savedPosition = isSaved ? state.position : null;
    this.#follower = new LogFollower(options.log, state.position, (value) => {
      evolve(state, value);
    });
    this.#alarm = new Alarm(() => {
      this.#decideAll();
    }, options.clock);
  }

  /** Restores the state from the last checkpoint and what the log holds since. Where there is none it begins at the head:
   *  history is never mailed. */
  static async restore(options: AlertingOptions): Promise<Alerting> {
    const { log, routes } = options;
    const saved = await log.loadCheckpoint(consumer);
    if (saved !== null) {
      const alerting = new Alerting(options, stateOf(saved), true);
      alerting.#areRoutesKnown = await alerting.#follower.begin(log.head);
      return alerting;
    }
    const alerting = new Alerting(options, emptyState(log.head), false);
    // Before the first event: a hub that is killed before its first checkpoint must not begin at a later head.
    if (routes.length > 0) await alerting.#save();
    return alerting;
  }

  get changed$(): Observable<void> {
    return this.#changed$;
  }

  get mailFlow(): Readonly<MailFlow> {
    return this.#state.mailFlow;
  }

  /** Of all mails since alerting was first in use here. */
  get counts(): { readonly sent: number; readonly pending: number; readonly dead: number } {
    const { sent, pending, dead } = this.#state;
    return { sent, pending: pending.size, dead };
  }

  get claims(): Claims {
    return { savedThrough: this.#savedPosition ?? Infinity, untold: untold(this.#state) };
  }

  /** Those that have ended before those that are pending, and oldest first. */
  notifications(): readonly Notification[] {
    return [...this.#state.ended.values(), ...this.#state.pending.values()];
  }

  due(now: number): Iterable<Notification> {
    // What is not folded yet may say that it was sent.
    return this.#follower.isBehind ? [] : dueAt(this.#state, now);
  }

  nextDueAt(): number | null {
    return this.#follower.isBehind ? null : nextDueAt(this.#state);
  }

  record(decision: AttemptDecision): Promise<void> {
    return this.#append([{ decision }]);
  }

  announce(draft: EventDraft): Promise<void> {
    return this.#append([{ draft, channel: hubChannel }]);
  }

  /** Forgets what the event at `position` says: before `record` has the log blank it, so that nothing is decided behind its
   *  back that quotes it, and again when the record of that comes back. `record` is given the key of what was forgotten, if any. */
  async redact(position: Position, record: (key: string | undefined) => Promise<void>): Promise<void> {
    await this.#follower.catchUp(this.#options.log.head);
    await record(redact(this.#state, position));
    await this.#follower.catchUp(this.#options.log.head);
    await this.#save();
  }

  /** Has the log say which routes are in force from here on, when that is not known yet, or they are others than before. To be
   *  called once the pipeline runs. Does not wait for a log that cannot take it now. */
  async configure(): Promise<void> {
    const { routes, decisions, reportFailure } = this.#options;
    if (
      !this.#areRoutesKnown ||
      JSON.stringify(this.#state.routes.map(({ route }) => route)) !== JSON.stringify(routes)
    ) {
      const reason = routes.length === 0 ? 'e-mail is off: nothing is queued' : 'the settings name these routes';
      const items = [{ decision: { type: 'alerting.configured', routes, reason } }] as const;
      await decisions.append(items).catch((error: unknown) => {
        reportFailure(error);
        this.#append(items).catch(reportFailure);
      });
    }
    this.#decideAll();
  }

  readonly sink: Sink = (recorded$) =>
    new Observable<readonly LogRecord[]>((subscriber) => {
      const checkpoints = setInterval(() => {
        this.#save().catch(this.#options.reportFailure);
      }, checkpointMs);
      // A log that is damaged, or still being read, is shown. Nothing is decided before it was read to its end.
      if (this.#follower.isBehind) void this.#catchUp();
      const subscription = recorded$.pipe(tap((batch) => this.#take(batch))).subscribe(subscriber);
      return () => {
        clearInterval(checkpoints);
        subscription.unsubscribe();
      };
    });

  /** Decides nothing more: what is held is decided after the next start. What became of mails on their way is still
   *  recorded, if the log takes it. */
  stop(): void {
    this.#isStopped = true;
    this.#alarm.stop();
  }

  /** Keeps the state for the next start. */
  async close(): Promise<void> {
    await this.#save().catch(this.#options.reportFailure);
  }

  #take(batch: readonly LogRecord[]): void {
    if (this.#follower.take(batch)) {
      if (this.#state.fresh.size > 0) this.#decide(this.#state.fresh);
      if (batch.some(({ value }) => value.type.startsWith('notification.'))) this.#changed$.next();
      return;
    }
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    await insistently(() => this.#follower.catchUp(), this.#insistence).catch(() => undefined);
    this.#decideAll();
    this.#changed$.next();
  }

  #decideAll(): void {
    if (this.#isStopped || this.#follower.isBehind) return;
    prune(this.#state, this.#options.clock());
    this.#alarm.clear();
    this.#decide(this.#state.groups.values());
    this.#wakeFor(this.#state.groups.values());
  }

  #decide(groups: Iterable<Group>): void {
    if (this.#isAppending || this.#isStopped || this.#follower.isBehind) return;
    const decisions = decide(this.#state, groups, this.#options.clock());
    this.#wakeFor(this.#state.fresh);
    this.#state.fresh.clear();
    if (decisions.length === 0) return;
    this.#isAppending = true;
    void this.#options.decisions
      .append(decisions.map((decision) => ({ decision })))
      .then(
        () => this.#state.fresh,
        async (error: unknown) => {
          this.#options.reportFailure(error);
          await delay(retryMs, undefined, { ref: false });
          return this.#state.groups.values();
        },
      )
      .then((groupsToDecide) => {
        this.#isAppending = false;
        this.#decide(groupsToDecide);
      });
  }

  /** Sees to being woken when something is to be decided about these groups. */
  #wakeFor(groups: Iterable<Group>): void {
    this.#alarm.setFor(nextDecisionAt(this.#state, groups) ?? Infinity);
  }

  #append(items: readonly AppendItem[]): Promise<void> {
    return insistently(() => this.#options.decisions.append(items), this.#insistence);
  }

  get #insistence(): Insistence {
    return { isGivenUp: () => this.#isStopped, reportFailure: this.#options.reportFailure, retryMs };
  }

  /** A hub that never had routes keeps nothing. */
  async #save(): Promise<void> {
    const { position, routes } = this.#state;
    const isUnused = this.#savedPosition === null && routes.length === 0 && this.#options.routes.length === 0;
    if (isUnused || position === this.#savedPosition) return;
    await this.#options.log.saveCheckpoint(consumer, snapshotOf(this.#state));
    this.#savedPosition = position;
  }
}
