import type { Config } from './config.ts';
import type { Logger } from '../logger.ts';
import type { Route } from '../pipeline/alerting/decision.ts';

const intervalMs = 5 * 60_000;

/** The routes that the settings name: one, or none when e-mail is off, so that nothing is queued. */
export function routesOf({ email, alert }: Config): readonly Route[] {
  if (email.url === undefined || alert.to.length === 0) return [];
  return [{ name: 'default', match: `severity>=${alert.minSeverity}`, to: alert.to, intervalMs }];
}

/** Says who is mailed about what, or why nobody is. */
export function logWhoIsMailed({ email, alert }: Config, logger: Logger): void {
  const hasServer = email.url !== undefined;
  const hasRecipients = alert.to.length > 0;
  if (hasServer && hasRecipients) {
    logger.info({ to: alert.to, minSeverity: alert.minSeverity, server: email.url }, 'e-mail is on');
  } else if (hasServer) {
    logger.warn('e-mail has a server and nobody to send to: set alert.to (HUB_ALERT_TO)');
  } else if (hasRecipients) {
    logger.warn({ to: alert.to }, 'e-mail is off though it has recipients: set email.url (HUB_SMTP_URL)');
  } else {
    logger.info('e-mail is off: set email.url (HUB_SMTP_URL) and alert.to (HUB_ALERT_TO) to be mailed');
  }
}
