import { severities, type JsonObject, type Severity } from '../../src/pipeline/event.ts';
import type { Report } from './report.ts';

/** What a condition was last reported as; null: fine. */
export type Alarm = Severity | null;

export interface AlarmOf {
  readonly source: string;
  readonly key: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Said when it fires. */
  readonly firing: string;
  /** Said when it is over. */
  readonly resolved: string;
  readonly data?: JsonObject;
}

/** The alarm after a look at the condition, and what there is to report: that it fires, that it is worse, or that it is
 *  over. While it stays, or gets better without being over, there is nothing new. */
export function raise(before: Alarm, condition: Alarm, of: AlarmOf): { alarm: Alarm; reports: readonly Report[] } {
  const { firing, resolved, ...fields } = of;
  if (condition === null) {
    if (before === null) return { alarm: null, reports: [] };
    return { alarm: null, reports: [{ ...fields, severity: 'info', status: 'resolved', message: resolved }] };
  }
  if (before !== null && severities.indexOf(condition) <= severities.indexOf(before)) {
    return { alarm: before, reports: [] };
  }
  return { alarm: condition, reports: [{ ...fields, severity: condition, status: 'firing', message: firing }] };
}
