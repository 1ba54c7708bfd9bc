import fs from 'node:fs';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import type { LogWatchOptions } from '../pipeline/log-watch.ts';
import { warnOfClearText } from './open-doors.ts';

/** Says, once the hub is open, what its settings come to, and what somebody should mend. */
export function logNotices(config: Config, logger: Logger): void {
  warnOfClearText(config, logger);
  warnOfOpenDirectory(config.dataDir, logger);
  logRetention(config, logger);
  logWhoIsMailed(config, logger);
}

/** What the watch of the log says. */
export function troubleNotices(logger: Logger): Pick<LogWatchOptions, 'report' | 'warn'> {
  return {
    report: (trouble) => {
      if (trouble === null) logger.info('the log takes events again');
      else logger.error({ reason: trouble }, 'the log takes no events; what it holds can be read');
    },
    warn: (message) => {
      logger.warn(message);
    },
  };
}

/** A new directory is the hub's alone. One that was there before is left as somebody has made it. */
function warnOfOpenDirectory(dataDir: string, logger: Logger): void {
  const mode = fs.statSync(dataDir).mode & 0o777;
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  logger.warn(
    `dataDir: others than the hub's user can get into ${dataDir} (mode 0${mode.toString(8)}), which holds every event; chmod it to 700`,
  );
}

/** Says how long events are kept, or that nothing ever removes one. */
function logRetention({ retention }: Config, logger: Logger): void {
  const isOff = Object.values(retention).every((limit) => limit === undefined);
  if (!isOff) {
    logger.info({ retention }, 'retention is on');
    return;
  }
  const remedy = 'set retention.maxAge, .maxEvents or .maxBytes (HUB_RETENTION_MAX_AGE, …) to have old events removed';
  logger.warn(`retention is off, and the log grows until the disk is full: ${remedy}`);
}

/** Says who is mailed about what, or why nobody is. */
function logWhoIsMailed({ email, alert }: Config, logger: Logger): void {
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
