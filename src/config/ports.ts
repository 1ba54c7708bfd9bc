import type { CertificateFiles } from '../pipeline/component.ts';
import { sourceSettings, type SourceConfig } from '../sources/registry.ts';
import type { Config } from './config.ts';

/** What the settings say of one port. */
export interface PortSettings {
  /** Of its settings, as `tcp`. */
  readonly name: string;
  readonly host: string;
  /** Absent: clear text. */
  readonly tls?: CertificateFiles | undefined;
}

/** Every port that a hub opens: the server's, and that of each input that has its own. */
export function portsOf(config: Config): readonly PortSettings[] {
  const inputs = Object.keys(sourceSettings) as (keyof SourceConfig)[];
  return (['http', ...inputs] as const).map((name) => ({ name, ...config[name] }));
}
