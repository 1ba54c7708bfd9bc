import { raise, type Alarm } from './alarm.ts';
import { isDue, type Moment } from './moment.ts';
import { between, round } from './random.ts';
import type { Report, Stepped } from './report.ts';

/** A thermometer in a rack. */
export interface Sensor {
  readonly name: string;
  readonly rack: string;
  readonly celsius: number;
  readonly alarm: Alarm;
}

const usualCelsius = 22.5;
const warmingPerSecond = 0.25;
const coolingPerSecond = 0.2;
const readingMs = 30_000;

export function createSensor(name: string, rack: string): Sensor {
  return { name, rack, celsius: usualCelsius, alarm: null };
}

/** The air in rack B warms while its cooling is off; else the temperature wanders about the usual one. */
export function stepSensor(sensor: Sensor, moment: Moment): Stepped<Sensor> {
  const celsius = drift(sensor, moment);
  const shown = round(celsius, 1);
  const fields = {
    source: sensor.name,
    labels: { site: 'madrid', rack: sensor.rack },
    data: { celsius: shown },
  };
  const { alarm, reports } = raise(sensor.alarm, conditionAt(celsius, sensor.alarm), {
    ...fields,
    key: `${sensor.name}/temperature`,
    firing: `temperature ${shown} C above ${celsius >= 36 ? 36 : 29} C`,
    resolved: `temperature ${shown} C, back to normal`,
  });
  const readings: readonly Report[] = isDue(moment, readingMs, phaseOf(sensor))
    ? [{ ...fields, severity: 'info', message: `temperature ${shown} C` }]
    : [];
  return { device: { ...sensor, celsius, alarm }, reports: [...reports, ...readings] };
}

function drift({ celsius, rack }: Sensor, { elapsedMs, random, outage }: Moment): number {
  const seconds = elapsedMs / 1_000;
  const wander = between(random, -0.05, 0.05) * seconds;
  if (outage.isCoolingOff && rack === 'b') return celsius + warmingPerSecond * seconds + wander;
  const back = Math.min(Math.abs(usualCelsius - celsius) * 0.05, coolingPerSecond) * Math.sign(usualCelsius - celsius);
  return celsius + back * seconds + wander;
}

/** It is over two degrees below where it began, so that it does not come and go at the limit. */
function conditionAt(celsius: number, before: Alarm): Alarm {
  if (celsius >= 36) return 'error';
  if (celsius >= 29) return 'warning';
  return before !== null && celsius > 27 ? before : null;
}

function phaseOf({ name }: Sensor): number {
  return Number(name.at(-1)) * 4_000;
}
