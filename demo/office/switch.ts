import { raise, type Alarm } from './alarm.ts';
import { isDue, type Moment } from './moment.ts';
import { between, happens, round } from './random.ts';
import type { Report, Stepped } from './report.ts';

/** A network switch. */
export interface Switch {
  readonly name: string;
  readonly rack: string;
  /** Ports without a link, and when each comes up again. */
  readonly down: Readonly<Record<string, number>>;
  /** A loose cable: its port goes down again and again until then. */
  readonly loose: { readonly port: number; readonly until: number } | null;
  readonly uplink: Alarm;
}

const ports = 24;
const trafficMs = 60_000;
/** Someone unplugs something, per switch. */
const unpluggedEveryMs = 4 * 60_000;
const looseEveryMs = 12 * 60_000;

export function createSwitch(name: string, rack: string): Switch {
  return { name, rack, down: {}, loose: null, uplink: null };
}

/** Ports lose their link now and then, a loose cable makes a burst of that, and an outage takes the uplink of rack B. */
export function stepSwitch(device: Switch, moment: Moment): Stepped<Switch> {
  const loose = looseCable(device, moment);
  const up = Object.entries(device.down).filter(([, until]) => until <= moment.now);
  const stillDown = Object.fromEntries(Object.entries(device.down).filter(([, until]) => until > moment.now));
  const goingDown = portsGoingDown({ ...device, loose, down: stillDown }, moment);
  const { alarm, reports } = raise(device.uplink, moment.outage.isUplinkDown && device.rack === 'b' ? 'error' : null, {
    ...fieldsOf(device),
    key: `${device.name}/uplink`,
    firing: 'uplink to sw-core-1 is down',
    resolved: 'uplink to sw-core-1 is up, 10 Gbit/s',
  });
  return {
    device: { ...device, loose, uplink: alarm, down: { ...stillDown, ...Object.fromEntries(goingDown) } },
    reports: [
      ...reports,
      ...up.map(([port]) => linkReport(device, port, true)),
      ...goingDown.map(([port]) => linkReport(device, port, false)),
      ...traffic(device, moment),
    ],
  };
}

function looseCable({ loose }: Switch, { now, elapsedMs, random }: Moment): Switch['loose'] {
  if (loose !== null) return loose.until > now ? loose : null;
  if (!happens(random, elapsedMs, looseEveryMs)) return null;
  return { port: Math.ceil(between(random, 0, ports)), until: now + between(random, 15_000, 40_000) };
}

/** With the time at which each comes up again. */
function portsGoingDown({ loose, down }: Switch, { now, elapsedMs, random }: Moment): readonly [string, number][] {
  const goingDown: [number, number][] = [];
  if (loose !== null && happens(random, elapsedMs, 1_500)) goingDown.push([loose.port, between(random, 500, 2_500)]);
  if (happens(random, elapsedMs, unpluggedEveryMs)) {
    goingDown.push([Math.ceil(between(random, 0, ports)), between(random, 5_000, 90_000)]);
  }
  return [...new Map(goingDown.map(([port, forMs]) => [String(port), now + forMs]))].filter(
    ([port]) => !(port in down),
  );
}

function linkReport(device: Switch, port: string, isUp: boolean): Report {
  return {
    ...fieldsOf(device),
    key: `${device.name}/port-${port}`,
    severity: isUp ? 'info' : 'warning',
    status: isUp ? 'resolved' : 'firing',
    message: `port ${port}: link ${isUp ? 'up, 1 Gbit/s' : 'down'}`,
    data: { port: Number(port) },
  };
}

function traffic(device: Switch, moment: Moment): readonly Report[] {
  if (!isDue(moment, trafficMs, device.name.length * 7_000)) return [];
  const gigabits = round(between(moment.random, 0.4, 3.8), 1);
  return [
    { ...fieldsOf(device), severity: 'info', message: `traffic ${gigabits} Gbit/s, no errors`, data: { gigabits } },
  ];
}

function fieldsOf({ name, rack }: Switch): Pick<Report, 'source' | 'labels'> {
  return { source: name, labels: { site: 'madrid', rack } };
}
