import { describe, expect, it } from 'vitest';
import { FloodMeter } from '../../web/state/flood-meter.ts';

/** A meter after these counts of events, one a second. */
function meterAfter(...counts: number[]): FloodMeter {
  const meter = new FloodMeter(100);
  counts.forEach((count, second) => meter.add(count, second * 1000));
  meter.add(0, counts.length * 1000);
  return meter;
}

describe('FloodMeter', () => {
  it('takes a burst of one second for no flood', () => {
    expect(meterAfter(5000, 20).isFlooded).toBe(false);
  });

  it('takes two busy seconds in a row for a flood', () => {
    expect(meterAfter(150, 150).isFlooded).toBe(true);
  });

  it('tells the rate of the last whole second', () => {
    expect(meterAfter(150, 170).rate).toBe(170);
  });

  it('stays flooded while the rate falls a little', () => {
    expect(meterAfter(150, 150, 60).isFlooded).toBe(true);
  });

  it('ends the flood after a second of less than half', () => {
    expect(meterAfter(150, 150, 40).isFlooded).toBe(false);
  });

  it('ends the flood after a silence in which nobody called', () => {
    const meter = meterAfter(150, 150);
    meter.add(0, 60_000);
    expect(meter.isFlooded).toBe(false);
  });
});
