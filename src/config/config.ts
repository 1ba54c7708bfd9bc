import os from 'node:os';
import { z } from 'zod';
import { readLayers, type ConfigInput } from './layers.ts';
import { limitSettings } from '../limits/settings.ts';
import { networksSetting } from '../limits/trusted-proxies.ts';
import { isAddress } from '../pipeline/alerting/address.ts';
import { severities } from '../pipeline/event.ts';
import { emailSettings } from '../sinks/email/settings.ts';
import { sourceSettings } from '../sources/registry.ts';
import {
  bytesSetting,
  certificateSetting,
  countSetting,
  flagSetting,
  hostSetting,
  pathSetting,
  portSetting,
  secretSetting,
  spanSetting,
} from '../pipeline/settings.ts';

const mebibyte = 1024 * 1024;

const addressesRule = 'must be addresses such as ops@example.com, separated by commas';
/** Checked as a whole: a comma list from the environment has no places of its own. */
const addresses = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((text) => text.trim()) : value),
  z.custom<readonly string[]>((value) => Array.isArray(value) && value.every(isAddressText), addressesRule),
);

/** Who is mailed about what, as long as there are no other routes. */
const alertSettings = z
  .strictObject({
    to: addresses.default([]),
    minSeverity: z.enum(severities, `must be one of ${severities.join(', ')}`).default('error'),
  })
  .prefault({});

/** Every setting with its rule and default. A source brings its own. */
const configSchema = z.strictObject({
  dataDir: pathSetting.default('./data'),
  http: z
    .strictObject({
      host: hostSetting.default('127.0.0.1'),
      port: portSetting.default(8080),
      tls: certificateSetting.optional(),
    })
    .prefault({}),
  ...sourceSettings,
  email: emailSettings,
  alert: alertSettings,
  publicUrl: z.url({ protocol: /^https?$/, error: 'must be a URL such as https://alerts.example.com' }).optional(),
  retention: z
    .strictObject({
      maxAge: spanSetting.optional(),
      maxEvents: countSetting.optional(),
      maxBytes: bytesSetting.optional(),
    })
    .prefault({}),
  subscribers: z.strictObject({ maxMemory: bytesSetting.default(128 * mebibyte) }).prefault({}),
  limits: limitSettings,
  trustedProxies: networksSetting.default([]),
  allowAnonymous: flagSetting.default(false),
  adminToken: secretSetting.optional(),
  log: z
    .strictObject({
      level: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
      format: z.enum(['pretty', 'json'], 'must be pretty or json').optional(),
    })
    .prefault({}),
});

export type Config = z.infer<typeof configSchema>;

/** One or more settings are wrong; each line of the message names the place, the rule and the value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Flag over environment over file over default. Throws a {@link ConfigError} that names all mistakes at once. `warn` is told
 *  what the hub can start with and a person should mend. */
export function loadConfig(input: ConfigInput, warn: (message: string) => void = () => undefined): Config {
  const layers = readLayers(input, settingPaths);
  const parsed = configSchema.safeParse(layers.values);
  const mistakes = [
    ...layers.mistakes,
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => layers.explain(issue))),
  ];
  if (!parsed.success || mistakes.length > 0) throw new ConfigError([...new Set(mistakes)].join(os.EOL));
  layers.warnings.forEach(warn);
  return parsed.data;
}

/** The paths of all settings, as `['http', 'port']`. */
export const settingPaths: readonly (readonly string[])[] = pathsOf(configSchema, []);

function isAddressText(value: unknown): boolean {
  return typeof value === 'string' && isAddress(value);
}

function pathsOf(schema: unknown, path: readonly string[]): readonly (readonly string[])[] {
  const inner = unwrap(schema);
  if (!(inner instanceof z.ZodObject)) return [path];
  return Object.entries(inner.shape as Record<string, unknown>).flatMap(([name, field]) =>
    pathsOf(field, [...path, name]),
  );
}

function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return unwrap(schema.unwrap());
  }
  return schema;
}
