import { decide } from '../../src/pipeline/alerting/decide.ts';
import type { Decision, Route } from '../../src/pipeline/alerting/decision.ts';
import { evolve } from '../../src/pipeline/alerting/evolve.ts';
import { snapshotOf, stateOf } from '../../src/pipeline/alerting/snapshot.ts';
import { emptyState, type AlertingState } from '../../src/pipeline/alerting/state.ts';
import type { RecordedEvent, Severity } from '../../src/pipeline/event.ts';
import { decisionOf, eventOf, type RecordValue } from '../../src/pipeline/record.ts';
import { aDraft } from './memory-log.ts';

export const interval = 5 * 60_000;
export const route: Route = {
  name: 'default',
  match: 'severity>=error',
  to: ['ops@example.com'],
  intervalMs: interval,
};

export type Queued = Extract<Decision, { type: 'notification.queued' }>;

/** The decider on a log in memory, with a clock that only the test moves. */
export class DeciderWorld {
  readonly records: RecordValue[] = [];
  state: AlertingState = emptyState(0);
  now = Date.parse('2026-01-02T03:04:05Z');

  constructor(routes: readonly Route[] = [route]) {
    this.append({ type: 'alerting.configured', routes, reason: 'test' });
  }

  event(severity: Severity, key = 'disk', channel = 'tcp'): RecordedEvent {
    const draft = aDraft({ id: `e${this.records.length}`, source: key, severity, message: `${this.records.length}` });
    const event = { ...eventOf(draft, channel, this.#time, this.#time), position: this.records.length + 1 };
    this.#record(event);
    return event;
  }

  append(decision: Decision): void {
    this.#record({ ...decisionOf(decision, this.#time), position: this.records.length + 1 } as RecordValue);
  }

  /** What is to be decided now, not in the log yet. */
  decide(): readonly Queued[] {
    this.state.fresh.clear();
    return decide(this.state, this.state.groups.values(), this.now);
  }

  decideAndAppend(): readonly Queued[] {
    const decisions = this.decide();
    for (const decision of decisions) this.append(decision);
    return decisions;
  }

  /** Begins anew from a checkpoint, as a hub that was killed does. */
  restart(): void {
    const restored = stateOf(snapshotOf(this.state));
    if (restored === null) throw new Error('the checkpoint is of another version');
    this.state = restored;
  }

  get queued(): readonly Queued[] {
    return this.records.filter((value) => value.type === 'notification.queued');
  }

  get #time(): string {
    return new Date(this.now).toISOString();
  }

  #record(value: RecordValue): void {
    this.records.push(value);
    evolve(this.state, value);
  }
}
