import { describe, expect, test } from 'vitest';
import { openOffice, stepOffice, type Sent } from '../../demo/office/office.ts';
import { createRandom } from '../../demo/office/random.ts';
import { severities } from '../../src/pipeline/event.ts';
import { draftOf } from '../support/drafts.ts';

const startedAt = Date.UTC(2026, 0, 5, 9);
const hourMs = 3_600_000;

/** What the office says from an hour before the start to so many minutes after it. */
function say(seed: number, minutes = 60): readonly Sent[] {
  const random = createRandom(seed);
  let office = openOffice(startedAt - hourMs, random);
  const all: Sent[] = [];
  while (office.now < startedAt + minutes * 60_000) {
    const step = stepOffice(office, { now: office.now + 1_000, startedAt, random });
    office = step.office;
    all.push(...step.sent);
  }
  return all;
}

const seeds = [1, 20];
const runs = new Map(seeds.map((seed) => [seed, say(seed).map(({ draft, channel }) => ({ ...draft, channel }))]));
const runOf = (seed: number) => runs.get(seed) ?? [];

describe('the office of the demo', () => {
  test('says the same for the same seed, and something else for another', () => {
    expect(say(7, -50)).toEqual(say(7, -50));
    expect(say(7, -50)).not.toEqual(say(8, -50));
  });

  test.each(seeds)('resolves all that fires, within ten minutes, and nothing else (seed %i)', (seed) => {
    const firingSince = new Map<string, number>();
    for (const { key = '', status, time } of runOf(seed)) {
      if (status === 'firing' && !firingSince.has(key)) firingSince.set(key, time);
      if (status === 'resolved') {
        expect(firingSince.has(key), `${key} resolved, but it does not fire`).toBe(true);
        firingSince.delete(key);
      }
      for (const [each, since] of firingSince) {
        expect(time - since, `${each} fires`).toBeLessThan(10 * 60_000);
      }
    }
  });

  test.each(seeds)('tells what happens in the order of time (seed %i)', (seed) => {
    const times = runOf(seed).map(({ time }) => time);
    expect(times.length).toBeGreaterThan(1_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test.each(seeds)('sends drafts that the hub takes as they are (seed %i)', (seed) => {
    for (const { channel, ...draft } of runOf(seed)) {
      const read = draftOf(JSON.stringify(draft));
      expect(['tcp', 'http', 'ws']).toContain(channel);
      // A field of another name would have gone into the data.
      expect(read.data).toEqual(draft.data ?? null);
      expect(read).toMatchObject({ time: draft.time, source: draft.source, severity: draft.severity });
    }
  });

  test.each(seeds)('is calm but for its outages (seed %i)', (seed) => {
    const drafts = runOf(seed);
    const share = (severity: string) => drafts.filter((draft) => draft.severity === severity).length / drafts.length;
    expect(share('info')).toBeGreaterThan(0.8);
    expect(share('warning')).toBeGreaterThan(0.03);
    expect(share('error') + share('critical')).toBeLessThan(0.05);
  });

  test('has an outage in its first minute that gets as bad as it can and is over before the second has ended', () => {
    const first = runOf(20).filter(({ time }) => time > startedAt && time <= startedAt + 120_000);
    const inMinute = first.filter(({ time }) => time <= startedAt + 60_000);
    const web = first
      .filter(({ key }) => key === 'web-01/health')
      .map(({ severity, status }) => `${severity} ${status}`);

    expect(new Set(inMinute.map(({ severity }) => severity))).toEqual(new Set(severities));
    expect(web).toEqual(['error firing', 'critical firing', 'info resolved']);
  });

  test('repeats its outage every seven minutes', () => {
    const criticals = runOf(20).filter(({ key, severity }) => key === 'web-01/health' && severity === 'critical');
    const gaps = criticals.slice(1).map(({ time }, index) => time - (criticals[index]?.time ?? 0));
    expect(gaps.length).toBeGreaterThan(10);
    expect(new Set(gaps)).toEqual(new Set([7 * 60_000]));
  });
});
