import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';

/** Says how long events are kept, or that nothing ever removes one. */
export function logRetention({ retention }: Config, logger: Logger): void {
  const isOff = Object.values(retention).every((limit) => limit === undefined);
  if (!isOff) {
    logger.info({ retention }, 'retention is on');
    return;
  }
  const remedy = 'set retention.maxAge, .maxEvents or .maxBytes (HUB_RETENTION_MAX_AGE, …) to have old events removed';
  logger.warn(`retention is off, and the log grows until the disk is full: ${remedy}`);
}
