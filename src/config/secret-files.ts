import fs from 'node:fs';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** A file that holds a secret and nothing else. */
export interface SecretFile {
  /** What names it, for messages. */
  readonly place: string;
  readonly path: string;
}

const readableByAll = 0o004;

/** Where to read the secret that the environment does not hold under `name`: in the file that `<name>_FILE` names, else in the
 *  credential of that name that systemd has put there (systemd.exec(5), CREDENTIALS). */
export function secretFile(name: string, env: Environment): SecretFile | undefined {
  const named = env[`${name}_FILE`];
  if (named !== undefined) return { place: `${name}_FILE`, path: named };
  const directory = env['CREDENTIALS_DIRECTORY'];
  if (directory === undefined) return undefined;
  const credential = path.join(directory, name);
  return fs.existsSync(credential) ? { place: `credential ${name}`, path: credential } : undefined;
}

/** The secret, without the line end of an editor. */
export function readSecretFile({ path: file }: SecretFile): string {
  return fs.readFileSync(file, 'utf8').replace(/\r?\n$/, '');
}

/** What to do about a file with a secret that every user of this machine can read; undefined when there is nothing to do.
 *  A warning and no refusal: what container platforms mount is so, in a machine of its own. */
export function exposure({ place, path: file }: SecretFile): string | undefined {
  const isExposed = process.platform !== 'win32' && (fs.statSync(file).mode & readableByAll) !== 0;
  if (!isExposed) return undefined;
  return `${place}: every user of this machine can read the secret in ${file}; run: chmod 600 ${file}`;
}
