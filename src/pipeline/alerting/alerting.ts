import { Observable, Subject, tap } from 'rxjs';
import type { Sink } from '../component.ts';
import type { EventDraft } from '../event.ts';
import type { AppendItem, EventLog } from '../event-log.ts';
import { readFilter } from '../filter.ts';
import { parseRecord, type LogRecord } from '../record.ts';
import type { Route } from './decision.ts';
import { decide, nextDecisionAt, prune } from './decide.ts';
import type { DecisionSource } from './decision-source.ts';
import { evolve } from './evolve.ts';
import type { AttemptDecision, Outbox } from './outbox.ts';
import { snapshotOf, stateOf } from './snapshot.ts';
import { emptyState, type AlertingState, type Notification } from './state.ts';

const consumer = 'alerting';
const checkpointMs = 5_000;
/** After the log could not take a decision. */
const retryMs = 1_000;
/** No timer waits longer: the clock may be set in between. */
const longestWaitMs = 60_000;
const pageRecords = 5_000;
const pageBytes = 4 * 1024 * 1024;
const everything = readFilter({ type: '*' }, 0);

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
  readonly #changed$ = new Subject<void>();
  #savedPosition: number;
  #timer: NodeJS.Timeout | null = null;
  #isAppending = false;
  #isStopped = false;

  private constructor(options: AlertingOptions, state: AlertingState) {
    this.#options = options;
    this.#state = state;
    this.#savedPosition = state.position;
  }

  /** Restores the state from the last checkpoint and what the log holds since. Where there is none it begins at the head:
   *  history is never mailed. */
  static async restore(options: AlertingOptions): Promise<Alerting> {
    const { log, routes } = options;
    const saved = await log.loadCheckpoint(consumer);
    const state = saved === null ? emptyState() : stateOf(saved);
    if (saved === null) state.position = log.head;
    else await foldLog(log, state);
    const alerting = new Alerting(options, state);
    // Before the first event: a hub that is killed before its first checkpoint must not begin at a later head.
    if (saved === null && routes.length > 0) await alerting.#save();
    return alerting;
  }

  get changed$(): Observable<void> {
    return this.#changed$;
  }

  /** Whether e-mail is or was ever in use here. */
  get counts(): { readonly sent: number; readonly dead: number; readonly pending: number } {
    const { sent, dead } = this.#state;
    return { sent, dead, pending: this.notifications('pending').length };
  }

  /** Oldest first. */
  notifications(state?: Notification['state']): readonly Notification[] {
    const all = [...this.#state.notifications.values()];
    return state === undefined ? all : all.filter((notification) => notification.state === state);
  }

  due(now: number): readonly Notification[] {
    return this.notifications('pending')
      .filter(({ nextAttempt }) => nextAttempt <= now)
      .sort((one, other) => one.nextAttempt - other.nextAttempt);
  }

  nextDueAt(): number | null {
    const pending = this.notifications('pending').map(({ nextAttempt }) => nextAttempt);
    return pending.length === 0 ? null : pending.reduce((least, next) => Math.min(least, next));
  }

  record(decision: AttemptDecision): Promise<void> {
    return this.#append([{ decision }]);
  }

  announce(draft: EventDraft): Promise<void> {
    return this.#append([{ draft, channel: 'hub' }]);
  }

  /** Has the log say which routes are in force from here on, when they are others than before. To be called once the
   *  pipeline runs. */
  async configure(): Promise<void> {
    const { routes } = this.#options;
    const before = this.#state.routes.map(({ route }) => route);
    if (JSON.stringify(before) !== JSON.stringify(routes)) {
      const reason = routes.length === 0 ? 'e-mail is off: nothing is queued' : 'the settings name these routes';
      await this.#append([{ decision: { type: 'alerting.configured', routes, reason } }]);
    }
    this.#decideAll();
  }

  /** The sink. */
  readonly sink: Sink = (recorded$) =>
    new Observable<readonly LogRecord[]>((subscriber) => {
      const checkpoints = setInterval(() => {
        this.#save().catch(this.#options.reportFailure);
      }, checkpointMs);
      const subscription = recorded$
        .pipe(
          tap((batch) => {
            this.#fold(batch);
          }),
        )
        .subscribe(subscriber);
      return () => {
        this.#isStopped = true;
        clearInterval(checkpoints);
        if (this.#timer !== null) clearTimeout(this.#timer);
        subscription.unsubscribe();
      };
    });

  /** Keeps the state for the next start. */
  async close(): Promise<void> {
    await this.#save().catch(this.#options.reportFailure);
  }

  #fold(batch: readonly LogRecord[]): void {
    let isAboutMails = false;
    for (const { value } of batch) {
      evolve(this.#state, value);
      isAboutMails ||= value.type.startsWith('notification.');
    }
    if (this.#state.fresh.size > 0) this.#decide(this.#state.fresh);
    if (isAboutMails) this.#changed$.next();
  }

  #decideAll(): void {
    const now = this.#options.clock();
    prune(this.#state, now);
    this.#decide(this.#state.groups.values());
  }

  #decide(groups: Iterable<Parameters<typeof decide>[1] extends Iterable<infer Group> ? Group : never>): void {
    if (this.#isAppending || this.#isStopped) return;
    const decisions = decide(this.#state, groups, this.#options.clock());
    this.#state.fresh.clear();
    if (decisions.length === 0) {
      this.#scheduleNext();
      return;
    }
    this.#isAppending = true;
    this.#options.decisions
      .append(decisions.map((decision) => ({ decision })))
      .catch((error: unknown) => {
        this.#options.reportFailure(error);
        return delay(retryMs);
      })
      .finally(() => {
        this.#isAppending = false;
        this.#decideAll();
      });
  }

  #scheduleNext(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const at = nextDecisionAt(this.#state);
    if (at === null || this.#isStopped) return;
    const wait = Math.min(longestWaitMs, Math.max(0, at - this.#options.clock()));
    this.#timer = setTimeout(() => {
      this.#decideAll();
    }, wait);
  }

  async #append(items: readonly AppendItem[]): Promise<void> {
    for (;;) {
      try {
        await this.#options.decisions.append(items);
        return;
      } catch (error) {
        if (this.#isStopped) throw error;
        this.#options.reportFailure(error);
        await delay(retryMs);
      }
    }
  }

  async #save(): Promise<void> {
    const { position } = this.#state;
    const isUnused = this.#savedPosition === 0 && this.#state.routes.length === 0 && this.#options.routes.length === 0;
    if (isUnused || (position === this.#savedPosition && position > 0)) return;
    await this.#options.log.saveCheckpoint(consumer, snapshotOf(this.#state));
    this.#savedPosition = position;
  }
}

async function foldLog(log: EventLog, state: AlertingState): Promise<void> {
  let isComplete = false;
  while (!isComplete) {
    const page = await log.read({
      after: state.position,
      before: log.head + 1,
      order: 'asc',
      filter: everything,
      limit: pageRecords,
      maxBytes: pageBytes,
    });
    for (const record of page.records) evolve(state, parseRecord(record));
    state.position = page.through;
    isComplete = page.isComplete;
  }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
