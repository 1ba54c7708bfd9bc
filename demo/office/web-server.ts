import { raise, type Alarm, type AlarmOf } from './alarm.ts';
import { isDue, type Moment } from './moment.ts';
import { between, happens, round } from './random.ts';
import type { Report, Stepped } from './report.ts';

/** A web server and its health check. */
export interface WebServer {
  readonly name: string;
  readonly rack: string;
  /** Many visitors until then. */
  readonly busyUntil: number;
  readonly alarm: Alarm;
}

const summaryMs = 10_000;
const busyEveryMs = 15 * 60_000;

export function createWebServer(name: string, rack: string): WebServer {
  return { name, rack, busyUntil: 0, alarm: null };
}

/** Tells what it has served every ten seconds, and of slow requests while many visitors come; an outage of rack B makes
 *  requests fail first, then the server is not reached: one alarm that gets worse. */
export function stepWebServer(server: WebServer, moment: Moment): Stepped<WebServer> {
  const { now, elapsedMs, random } = moment;
  const becomesBusy = server.busyUntil <= now && happens(random, elapsedMs, busyEveryMs);
  const busyUntil = becomesBusy ? now + between(random, 10_000, 25_000) : server.busyUntil;
  const { alarm, reports } = raise(server.alarm, conditionOf(server, moment), alarmOf(server, moment));
  const isDown = alarm === 'critical';
  return {
    device: { ...server, busyUntil, alarm },
    reports: [
      ...reports,
      ...(busyUntil > now && !isDown ? slowRequests(server, moment) : []),
      ...(isDown ? [] : summary(server, moment, busyUntil > now)),
    ],
  };
}

function conditionOf({ rack }: WebServer, { outage }: Moment): Alarm {
  if (rack !== 'b') return null;
  if (outage.isWebDown) return 'critical';
  return outage.isUplinkDown ? 'error' : null;
}

function alarmOf(server: WebServer, { outage }: Moment): AlarmOf {
  return {
    ...fieldsOf(server),
    key: `${server.name}/health`,
    firing: outage.isWebDown
      ? 'health check failed 3 times: connection timed out'
      : '38% of requests answered 502 Bad Gateway',
    resolved: 'health check succeeds: 200 in 41 ms',
    data: { check: `https://${server.name}.example.test/health` },
  };
}

function slowRequests(server: WebServer, { random }: Moment): readonly Report[] {
  const paths = ['/', '/search?q=cable', '/orders/1842', '/api/stock', '/login'];
  return Array.from({ length: Math.floor(between(random, 0, 4)) }, () => {
    const ms = Math.round(between(random, 900, 4_000));
    const path = paths[Math.floor(random() * paths.length)] ?? '/';
    const isSlow = ms > 2_500;
    return {
      ...fieldsOf(server),
      severity: isSlow ? 'warning' : 'info',
      message: `GET ${path} took ${ms} ms`,
      data: { path, ms },
    };
  });
}

function summary(server: WebServer, moment: Moment, isBusy: boolean): readonly Report[] {
  if (!isDue(moment, summaryMs, Number(server.name.at(-1)) * 2_300)) return [];
  const { random } = moment;
  const requests = Math.round(between(random, 180, 420) * (isBusy ? 8 : 1));
  const p95Ms = round(between(random, 60, 130) * (isBusy ? 6 : 1), 0);
  const message = `served ${requests} requests, 95% within ${p95Ms} ms`;
  return [{ ...fieldsOf(server), severity: 'info', message, data: { requests, p95Ms } }];
}

function fieldsOf({ name, rack }: WebServer): Pick<Report, 'source' | 'labels'> {
  return { source: name, labels: { site: 'madrid', rack } };
}
