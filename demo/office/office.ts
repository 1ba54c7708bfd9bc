import { createBackup, stepBackup, type Backup } from './backup.ts';
import type { Moment } from './moment.ts';
import { outageAt } from './outage.ts';
import type { Random } from './random.ts';
import type { Report, Stepped } from './report.ts';
import { createSensor, stepSensor, type Sensor } from './sensor.ts';
import { createSwitch, stepSwitch, type Switch } from './switch.ts';
import { createUps, stepUps, type Ups } from './ups.ts';
import { createWebServer, stepWebServer, type WebServer } from './web-server.ts';

/** A small office with two racks, at a moment. Plain data: the next moment is made from it by {@link stepOffice}. */
export interface Office {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly sensors: readonly Sensor[];
  readonly switches: readonly Switch[];
  readonly backups: readonly Backup[];
  readonly webServers: readonly WebServer[];
  readonly batteries: readonly Ups[];
}

export type Channel = 'tcp' | 'http' | 'ws';

/** A draft as it stands, and the way by which its device sends. */
export interface Sent {
  readonly channel: Channel;
  readonly draft: Report & { readonly time: number };
}

export function openOffice(now: number, random: Random): Office {
  return {
    now,
    sensors: ['a', 'a', 'a', 'b', 'b', 'b'].map((rack, index) => createSensor(`sensor_0${index + 1}`, rack)),
    switches: [createSwitch('sw-core-1', 'a'), createSwitch('sw-access-a', 'a'), createSwitch('sw-access-b', 'b')],
    backups: ['vm-files', 'vm-mail', 'db-orders', 'web-01'].map((machine) => createBackup(machine, now, random)),
    webServers: [createWebServer('web-01', 'b'), createWebServer('web-02', 'b'), createWebServer('web-03', 'a')],
    batteries: [createUps('ups-a', 'a'), createUps('ups-b', 'b')],
  };
}

/** The office at `now`, and what its devices have said on the way there. The same office, moments and random numbers say
 *  the same. `startedAt` is where the script of outages counts from. */
export function stepOffice(
  office: Office,
  { now, startedAt, random }: { readonly now: number; readonly startedAt: number; readonly random: Random },
): { readonly office: Office; readonly sent: readonly Sent[] } {
  const moment: Moment = { now, elapsedMs: now - office.now, random, outage: outageAt(now - startedAt) };
  const sent: Sent[] = [];
  const step = <Device>(
    devices: readonly Device[],
    stepDevice: (device: Device, moment: Moment) => Stepped<Device>,
    channel: Channel,
  ): readonly Device[] =>
    devices.map((before) => {
      const { device, reports } = stepDevice(before, moment);
      sent.push(...reports.map((report) => ({ channel, draft: { time: now, ...report } })));
      return device;
    });
  const next: Office = {
    now,
    batteries: step(office.batteries, stepUps, 'tcp'),
    switches: step(office.switches, stepSwitch, 'tcp'),
    sensors: step(office.sensors, stepSensor, 'tcp'),
    webServers: step(office.webServers, stepWebServer, 'ws'),
    backups: step(office.backups, stepBackup, 'http'),
  };
  return { office: next, sent };
}
