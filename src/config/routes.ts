import type { Route } from '../pipeline/alerting/decision.ts';
import type { Config } from './config.ts';

const intervalMs = 5 * 60_000;

/** The routes that the settings name: one, or none when e-mail is off, so that nothing is queued. */
export function routesOf({ email, alert }: Config): readonly Route[] {
  if (email.url === undefined || alert.to.length === 0) return [];
  return [{ name: 'default', match: `severity>=${alert.minSeverity}`, to: alert.to, intervalMs }];
}
