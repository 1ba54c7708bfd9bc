import { raise, type Alarm } from './alarm.ts';
import { isDue, type Moment } from './moment.ts';
import type { Report, Stepped } from './report.ts';

/** The battery that keeps a rack alive when the mains fail. */
export interface Ups {
  readonly name: string;
  readonly rack: string;
  readonly percent: number;
  readonly mains: Alarm;
  readonly battery: Alarm;
}

const emptyingPerSecond = 1.4;
const fillingPerSecond = 0.5;
const statusMs = 60_000;

export function createUps(name: string, rack: string): Ups {
  return { name, rack, percent: 100, mains: null, battery: null };
}

/** Tells when it takes over from the mains of rack B, and when its battery gets low. */
export function stepUps(ups: Ups, moment: Moment): Stepped<Ups> {
  const isMainsOff = moment.outage.isMainsOff && ups.rack === 'b';
  const perSecond = isMainsOff ? -emptyingPerSecond : fillingPerSecond;
  const percent = Math.min(100, Math.max(5, ups.percent + (perSecond * moment.elapsedMs) / 1_000));
  const shown = Math.round(percent);
  const fields: Pick<Report, 'source' | 'labels' | 'data'> = {
    source: ups.name,
    labels: { site: 'madrid', rack: ups.rack },
    data: { battery: shown },
  };
  const mains = raise(ups.mains, isMainsOff ? 'warning' : null, {
    ...fields,
    key: `${ups.name}/mains`,
    firing: `mains failed, on battery at ${shown}%`,
    resolved: `mains are back, battery at ${shown}%`,
  });
  const isLow = percent < 65 || (ups.battery !== null && percent < 75);
  const battery = raise(ups.battery, isLow ? 'warning' : null, {
    ...fields,
    key: `${ups.name}/battery`,
    firing: `battery at ${shown}%, 6 minutes left`,
    resolved: `battery at ${shown}%, charging`,
  });
  const status: readonly Report[] = isDue(moment, statusMs)
    ? [{ ...fields, severity: 'info', message: `battery ${shown}%, load 42%` }]
    : [];
  return {
    device: { ...ups, percent, mains: mains.alarm, battery: battery.alarm },
    reports: [...mains.reports, ...battery.reports, ...status],
  };
}
