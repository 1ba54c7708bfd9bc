import { exposure, readSecretFile, secretFile } from './secret-files.ts';
import { readSettingsFile } from './settings-file.ts';

type Path = readonly (string | number)[];

export interface ConfigInput {
  /** By path with dots, as `http.port`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The settings file, if one was named. */
  readonly file: string | undefined;
}

export interface ConfigLayers {
  /** All layers, one over the other, unchecked. */
  readonly values: unknown;
  /** What is wrong before any rule is looked at. */
  readonly mistakes: readonly string[];
  /** What the hub can start with, and a person should mend. */
  readonly warnings: readonly string[];
  /** A broken rule as `place: rule; got value`. */
  explain(issue: ConfigIssue): readonly string[];
}

/** What is used of zod's issues. */
export interface ConfigIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[];
}

/** Settings that stand in no message, and may be in a file of their own. */
const secrets: ReadonlySet<string> = new Set(['email.password', 'adminToken']);

/** `http.port` as `HUB_HTTP_PORT`, `dataDir` as `HUB_DATA_DIR`, `email.url` as `HUB_SMTP_URL`. */
function environmentName(path: Path): string {
  const names = path[0] === 'email' ? ['smtp', ...path.slice(1)] : path;
  return `HUB_${names.map((name) => String(name).replace(/[A-Z]/g, (letter) => `_${letter}`)).join('_')}`.toUpperCase();
}

/** Whether a setting may be given on the command line, which everyone on the machine can read. */
export function mayBeFlag(path: Path): boolean {
  return !secrets.has(path.join('.'));
}

/** `http.port` as `--http-port`. */
export function flagName(path: Path): string {
  return `--${path.map((name) => String(name).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)).join('-')}`;
}

/** Lays flags over the environment over the file, and remembers where each value came from. */
export function readLayers(input: ConfigInput, settings: readonly (readonly string[])[]): ConfigLayers {
  const places = new Map<string, string>();
  const { values, mistakes: fileMistakes, place } = readSettingsFile(input.file);
  const [mistakes, warnings] = [[...fileMistakes], exposedIn(input.file, values)];
  for (const path of settings) {
    const key = path.join('.');
    const fromEnvironment = input.env[environmentName(path)] ?? readSecret(path, input.env, { mistakes, warnings });
    const fromFlag = input.flags[key];
    const value = fromFlag ?? fromEnvironment;
    if (value === undefined) continue;
    places.set(key, fromFlag === undefined ? environmentName(path) : flagName(path));
    setAt(values, path, value);
  }
  const placeOf = (path: Path) => places.get(path.join('.')) ?? place(path);
  return {
    values,
    mistakes,
    warnings,
    explain: ({ code, path, message, keys }) => {
      const at = path.map((name) => (typeof name === 'number' ? name : String(name)));
      if (code === 'unrecognized_keys') {
        return (keys ?? []).map((key) => `${placeOf([...at, key])}: ${[...at, key].join('.')} is not a setting`);
      }
      return [`${placeOf(at)}: ${at.join('.')} ${message}; got ${shownValue(at, valueAt(values, at))}`];
    },
  };
}

interface Remarks {
  readonly mistakes: string[];
  readonly warnings: string[];
}

function readSecret(path: Path, env: ConfigInput['env'], { mistakes, warnings }: Remarks): string | undefined {
  const file = mayBeFlag(path) ? undefined : secretFile(environmentName(path), env);
  if (file === undefined) return undefined;
  try {
    const secret = readSecretFile(file);
    warnings.push(...remarkOn(exposure(file)));
    return secret;
  } catch (error) {
    mistakes.push(`${file.place}: cannot be read; ${(error as Error).message}`);
    return undefined;
  }
}

/** About a settings file with secrets in it. */
function exposedIn(file: string | undefined, values: unknown): string[] {
  if (file === undefined) return [];
  const held = [...secrets].filter((name) => valueAt(values, name.split('.')) !== undefined);
  return held.flatMap((name) => remarkOn(exposure({ place: name, path: file })));
}

function remarkOn(text: string | undefined): string[] {
  return text === undefined ? [] : [text];
}

function shownValue(path: Path, value: unknown): string {
  if (value === undefined) return 'nothing';
  if (mayHoldSecret(path)) return 'one that is not shown';
  // A URL may be refused for the password in it.
  return JSON.stringify(value).replace(/\/\/[^/@"]*@/g, '//…@');
}

/** Whether a secret is at this path or, with the levels as they should be, below it. */
function mayHoldSecret(path: Path): boolean {
  const name = path.join('.');
  return [...secrets].some((secret) => secret === name || secret.startsWith(`${name}.`));
}

function setAt(values: Record<string, unknown>, path: readonly string[], value: string): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    values[name] = value;
    return;
  }
  const inner = values[name];
  if (inner === undefined || inner === null) values[name] = {};
  const next = values[name];
  if (typeof next === 'object' && next !== null) setAt(next as Record<string, unknown>, rest, value);
}

function valueAt(values: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, name) => (at as Record<string | number, unknown> | null | undefined)?.[name],
    values,
  );
}
