import { basename, dirname } from 'node:path';
import { parseTrace, type Call } from './sync-trace.ts';

/** Something that the traced program did to the log's files, or an event that it acknowledged. Places are lines of the
 *  trace: something has begun when its line is there, and is done only when the line of its end is. */
export type DiskStep = { readonly began: number; readonly ended: number } & (
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly data: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'create' | 'unlink'; readonly file: string }
  | { readonly kind: 'syncDirectory' }
  | { readonly kind: 'acknowledge'; readonly ids: readonly string[] }
);

/** The log's files; the memory that its connections share (`-shm`) is made anew after a crash. */
const logFiles = /^hub\.db(-wal|-journal)?$/;
const fileArgument = /^\d+<([^>]*)>/;

/** The steps of a trace, in the order in which they began. `ids` are those that may be acknowledged. */
export function diskSteps(trace: string, dataDir: string, ids: readonly string[]): readonly DiskStep[] {
  const known = new Set(ids);
  return parseTrace(trace)
    .filter(({ result }) => result >= 0)
    .flatMap((call) => stepsOf(call, dataDir, known))
    .sort((one, other) => one.began - other.began);
}

function stepsOf(call: Call, dataDir: string, ids: ReadonlySet<string>): readonly DiskStep[] {
  const { name, args, began, ended } = call;
  if (name === 'openat' || name === 'unlink') return namedSteps(call, dataDir);
  const path = fileArgument.exec(args)?.[1] ?? '';
  if (path === dataDir) return name === 'fsync' ? [{ kind: 'syncDirectory', began, ended }] : [];
  if (isOfLog(path, dataDir)) return [stepOf(call, basename(path))];
  return acknowledgements(call, ids);
}

function isOfLog(path: string, dataDir: string): boolean {
  return dirname(path) === dataDir && logFiles.test(basename(path));
}

function stepOf(call: Call, file: string): DiskStep {
  const { name, args, began, ended } = call;
  switch (name) {
    case 'pwrite64':
      return { kind: 'write', file, ...writtenIn(call), began, ended };
    case 'ftruncate':
      return { kind: 'truncate', file, size: Number(/(\d+)$/.exec(args)?.[1]), began, ended };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', file, began, ended };
    default:
      throw new Error(`the log's ${file} is written with ${name}, of which the recording knows nothing`);
  }
}

function namedSteps({ name, args, began, ended }: Call, dataDir: string): readonly DiskStep[] {
  const path = /"([^"]*)"/.exec(args)?.[1] ?? '';
  const file = basename(path);
  if (!isOfLog(path, dataDir)) return [];
  if (name === 'unlink') return [{ kind: 'unlink', file, began, ended }];
  return args.includes('O_CREAT') ? [{ kind: 'create', file, began, ended }] : [];
}

function acknowledgements({ name, args, began, ended }: Call, ids: ReadonlySet<string>): readonly DiskStep[] {
  if (name === 'pwrite64' || !args.includes(String.raw`\"ok\":true`)) return [];
  const named = [...args.matchAll(/\\"ok\\":true,\\"id\\":\\"([^"\\]+)\\"/g)].map(([, id = '']) => id);
  return [{ kind: 'acknowledge', ids: named.filter((id) => ids.has(id)), began, ended }];
}

/** Data, length and offset of a `pwrite64`. */
function writtenIn({ args, result }: Call): { readonly data: Buffer; readonly offset: number } {
  const [, text = '', length, offset] = /"((?:[^"\\]|\\.)*)"(?:\.\.\.)?, (\d+), (\d+)$/s.exec(args) ?? [];
  const data = unescaped(text);
  if (data.length !== Number(length) || data.length !== result) {
    throw new Error(
      `strace shows ${data.length} of ${String(length)} bytes that were written, of which ${result} were taken`,
    );
  }
  return { data, offset: Number(offset) };
}

const controls: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, v: 11, '"': 34, '\\': 92 };
const backslash = 92;

/** The bytes of a string as strace prints it, as C does. */
function unescaped(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== backslash) {
      bytes[length++] = code;
      continue;
    }
    at += 1;
    const control = controls[text[at] ?? ''];
    if (control !== undefined) {
      bytes[length++] = control;
      continue;
    }
    let value = 0;
    const end = at + 3;
    while (at < end && isOctalDigit(text.charCodeAt(at))) value = value * 8 + text.charCodeAt(at++) - 48;
    at -= 1;
    bytes[length++] = value;
  }
  return bytes.subarray(0, length);
}

function isOctalDigit(code: number): boolean {
  return code >= 48 && code <= 55;
}
