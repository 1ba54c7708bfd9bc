import { raise, type Alarm } from './alarm.ts';
import type { Moment } from './moment.ts';
import { between, round, type Random } from './random.ts';
import type { Report, Stepped } from './report.ts';

/** The backup of one machine. */
export interface Backup {
  readonly machine: string;
  readonly nextAt: number;
  readonly running: { readonly since: number; readonly until: number } | null;
  /** In a row. */
  readonly failures: number;
  readonly alarm: Alarm;
}

/** A night in the office takes a quarter of an hour, or nobody would see one. */
const nightMs = 15 * 60_000;
const retryMs = 60_000;
const failureOdds = 0.1;
const mostFailures = 2;

/** `now` is when the office opens; the first backup begins at a random point of the night then. */
export function createBackup(machine: string, now: number, random: Random): Backup {
  return { machine, nextAt: now + random() * nightMs, running: null, failures: 0, alarm: null };
}

/** A backup takes a while, and fails sometimes; then it is tried again, and the third attempt succeeds. */
export function stepBackup(backup: Backup, moment: Moment): Stepped<Backup> {
  const { now, random } = moment;
  if (backup.running !== null) {
    return backup.running.until <= now ? end(backup, backup.running.since, moment) : { device: backup, reports: [] };
  }
  if (backup.nextAt > now) return { device: backup, reports: [] };
  const running = { since: now, until: now + between(random, 20_000, 150_000) };
  return {
    device: { ...backup, running },
    reports: [{ ...fieldsOf(backup), severity: 'info', message: `backup of ${backup.machine} started` }],
  };
}

function end(backup: Backup, since: number, { now, random }: Moment): Stepped<Backup> {
  const { machine, failures } = backup;
  const hasFailed = failures < mostFailures && random() < (failures === 0 ? failureOdds : 0.5);
  const seconds = Math.round((now - since) / 1_000);
  const { alarm, reports } = raise(backup.alarm, hasFailed ? (failures === 0 ? 'warning' : 'error') : null, {
    ...fieldsOf(backup),
    key: `backup/${machine}`,
    firing: `backup of ${machine} failed after ${seconds} s: target "nas-2" not reachable`,
    resolved: `backup of ${machine} succeeds again`,
  });
  const gigabytes = round(seconds * between(random, 0.2, 0.4), 1);
  const done: Report = {
    ...fieldsOf(backup),
    severity: 'info',
    message: `backup of ${machine} finished: ${gigabytes} GB in ${seconds} s`,
    data: { gigabytes, seconds },
  };
  const rest = hasFailed ? retryMs : nightMs;
  return {
    device: { ...backup, running: null, nextAt: now + rest, failures: hasFailed ? failures + 1 : 0, alarm },
    reports: hasFailed ? reports : [done, ...reports],
  };
}

function fieldsOf({ machine }: Backup): Pick<Report, 'source' | 'labels'> {
  return { source: 'backup-01', labels: { site: 'madrid', machine } };
}
