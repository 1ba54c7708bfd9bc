import type { Severity } from './event.ts';

/** The names by which producers call the four severities, syslog's (RFC 5424, 6.2.1) among them. */
const byName: ReadonlyMap<string, Severity> = new Map<string, Severity>([
  ['info', 'info'],
  ['debug', 'info'],
  ['notice', 'info'],
  ['ok', 'info'],
  ['warning', 'warning'],
  ['warn', 'warning'],
  ['error', 'error'],
  ['err', 'error'],
  ['critical', 'critical'],
  ['crit', 'critical'],
  ['alert', 'critical'],
  ['fatal', 'critical'],
  ['panic', 'critical'],
  ['emerg', 'critical'],
  ['emergency', 'critical'],
]);

/** The severity that `name` stands for, in any case, or undefined. */
export function severityByName(name: string): Severity | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}
