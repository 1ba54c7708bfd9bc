import { raise, type Alarm } from './alarm.ts';
import { isDue, type Moment } from './moment.ts';
import { between, happens, round } from './random.ts';
import type { Report, Stepped } from './report.ts';

/** A web server and its health check. */
export interface WebServer {
  readonly name: string;
  readonly rack: string;
  /** Many visitors until then. */
  readonly busyUntil: number;
  readonly health: Alarm;
  readonly errors: Alarm;
}

const summaryMs = 10_000;
const busyEveryMs = 15 * 60_000;

export function createWebServer(name: string, rack: string): WebServer {
  return { name, rack, busyUntil: 0, health: null, errors: null };
}

/** Tells what it has served every ten seconds, and of slow requests while many visitors come; an outage of rack B makes
 *  requests fail first, and then the server cannot be reached. */
export function stepWebServer(server: WebServer, moment: Moment): Stepped<WebServer> {
  const { now, elapsedMs, random, outage } = moment;
  const becomesBusy = server.busyUntil <= now && happens(random, elapsedMs, busyEveryMs);
  const busyUntil = becomesBusy ? now + between(random, 10_000, 25_000) : server.busyUntil;
  const isHit = server.rack === 'b';
  const errors = raise(server.errors, isHit && outage.isUplinkDown ? 'error' : null, {
    ...fieldsOf(server),
    key: `${server.name}/errors`,
    firing: '38% of requests answered 502 Bad Gateway',
    resolved: 'less than 0.1% of requests fail',
    data: { status: 502 },
  });
  const health = raise(server.health, isHit && outage.isWebDown ? 'critical' : null, {
    ...fieldsOf(server),
    key: `${server.name}/health`,
    firing: 'health check failed 3 times: connection timed out',
    resolved: 'health check succeeds: 200 in 41 ms',
    data: { check: `https://${server.name}.example.test/health` },
  });
  const isDown = health.alarm !== null;
  return {
    device: { ...server, busyUntil, errors: errors.alarm, health: health.alarm },
    reports: [
      ...errors.reports,
      ...health.reports,
      ...(busyUntil > now && !isDown ? slowRequests(server, moment) : []),
      ...(isDown ? [] : summary(server, moment, busyUntil > now)),
    ],
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
