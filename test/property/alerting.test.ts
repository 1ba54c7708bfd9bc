import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/pipeline/alerting/state.ts';
import { evolve } from '../../src/pipeline/alerting/evolve.ts';
import { rank } from '../../src/pipeline/alerting/held.ts';
import { snapshotOf } from '../../src/pipeline/alerting/snapshot.ts';
import { severities, type RecordedEvent } from '../../src/pipeline/event.ts';
import { DeciderWorld, interval, type Queued } from '../support/decider-world.ts';

const happening = fc.record({
  // Mostly one severity, so that a burst may hide the one event that matters.
  severity: fc.oneof({ arbitrary: fc.constant('error' as const), weight: 8 }, fc.constantFrom(...severities)),
  key: fc.constantFrom('a', 'a', 'a', 'b'),
});
const burst = fc.array(happening, { maxLength: 40 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('events' as const), events: burst }),
  fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 0, max: 2 * interval }) }),
  // What is recorded while decisions are on their way into the log.
  fc.record({ kind: fc.constant('decide' as const), meanwhile: burst }),
  fc.constant({ kind: 'restart' as const }),
);

function run(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): DeciderWorld {
  const world = new DeciderWorld();
  const happen = (events: readonly { severity: RecordedEvent['severity']; key: string }[]) => {
    for (const { severity, key } of events) world.event(severity, key);
  };
  for (const each of steps) {
    if (each.kind === 'events') happen(each.events);
    if (each.kind === 'time') world.now += each.ms;
    if (each.kind === 'restart') world.restart();
    if (each.kind === 'decide') {
      const decisions = world.decide();
      happen(each.meanwhile);
      for (const decision of decisions) world.append(decision);
    }
  }
  world.decideAndAppend();
  world.now += interval;
  world.decideAndAppend();
  return world;
}

function isAbout({ spans }: Queued, { key, position }: RecordedEvent): boolean {
  return spans.some((span) => span.key === key && span.from <= position && position <= span.through);
}

describe('what is decided', () => {
  it('is about every event that the route matches exactly once, whatever happens on the way into the log', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { records, queued } = run(steps);
        const events = records.filter((value) => value.type === 'event').filter(({ severity }) => rank(severity) >= 2);
        for (const event of events) expect(queued.filter((each) => isAbout(each, event))).toHaveLength(1);
        for (const each of queued) {
          const about = events.filter((event) => isAbout(each, event));
          expect(each.count).toBe(about.length);
          expect(each.events.every((position) => about.some((event) => event.position === position))).toBe(true);
          for (const severity of severities) {
            expect(each.bySeverity[severity]).toBe(about.filter((event) => event.severity === severity).length);
          }
          const most = Math.max(...about.map(({ severity }) => rank(severity)));
          expect(rank(each.headline.severity)).toBe(most);
          expect(about.some(({ position }) => position === each.headline.position)).toBe(true);
        }
      }),
    );
  });

  it('follows from the log alone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const world = run(steps);
        const folded = emptyState(0);
        for (const value of world.records) evolve(folded, value);
        expect(JSON.parse(snapshotOf(folded))).toEqual(JSON.parse(snapshotOf(world.state)));
      }),
    );
  });

  it('is decided once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        expect(run(steps).decide()).toEqual([]);
      }),
    );
  });
});
