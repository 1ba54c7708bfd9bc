import { hasTokens } from '../access/tokens.ts';
import type { Config } from '../config/config.ts';
import { portsOf } from '../config/ports.ts';
import { lookAtCertificate } from '../tls/certificate.ts';
import { refuseOpenDoors } from './open-doors.ts';

/** Before anything is opened. Throws, with a message for people, when the settings would open the hub to everyone, or name
 *  a certificate that cannot be served. */
export function checkBeforeStart(config: Config): void {
  refuseOpenDoors(config, hasTokens(config.dataDir));
  for (const { name, tls } of portsOf(config)) if (tls !== undefined) lookAtCertificate(`${name}.tls`, tls);
}
