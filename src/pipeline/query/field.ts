import { operators, type Operator, type Path } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { readQuoted } from './word.ts';

/** The fields of the language, as messages and completion name them. */
const fieldNames = [
  'severity',
  'source',
  'channel',
  'key',
  'status',
  'id',
  'message',
  'label.NAME',
  'data.PATH',
  'time',
  'position',
  'since',
  'until',
] as const;

/** What a term begins with, up to its value: `severity>=`, `label.site:`. */
export interface Field {
  /** In small letters; `label` and `data` for what has a path. */
  readonly name: string;
  readonly path: Path | null;
  readonly operator: Operator;
  readonly at: number;
  readonly operatorAt: number;
}

/** The two that have names of the producer's own behind the dot: anything but what ends a name, or quotes. */
const memberStart = /(label|data)\.(?=(?:"(?:[^"\\]|\\.)*"|[^\s:<>="()])*[:<>=])/isy;
/** A word that looks like one is read as a field, so that a misspelt one is not searched for as text in silence. */
const plainStart = /[\p{L}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_])?(?=:|[<>]|!?=)/uy;
const bareName = /[^\s:<>="().]+/y;

/** Reads the field here with its operator, or nothing when a bare word stands here. */
export function readField(cursor: Cursor): Field | null {
  const at = cursor.at;
  const start = readMember(cursor) ?? readPlain(cursor);
  if (start === null) return null;
  const operatorAt = cursor.at;
  return { ...start, at, operatorAt, operator: readOperator(cursor) };
}

function readMember(cursor: Cursor): Pick<Field, 'name' | 'path'> | null {
  const start = cursor.look(memberStart);
  if (start === null) return null;
  cursor.at += start[0].length;
  const names = readNames(cursor);
  // A label's name may hold dots of its own.
  if (start[1]?.toLowerCase() === 'label') return { name: 'label', path: ['labels', names.join('.')] };
  return { name: 'data', path: ['data', ...names] };
}

function readPlain(cursor: Cursor): Pick<Field, 'name' | 'path'> | null {
  const written = cursor.look(plainStart)?.[0];
  if (written === undefined) return null;
  const name = written.toLowerCase();
  if (!fieldNames.some((known) => known === name)) {
    // `exit=1` and `a!=b` are text, there are no such operators.
    if (/[=!]/.test(cursor.text[cursor.at + written.length] ?? '')) return null;
    throw cursor.expected(`a field (${fieldNames.join(', ')}), or quotes around text to search for`);
  }
  cursor.at += written.length;
  return { name, path: null };
}

function readOperator(cursor: Cursor): Operator {
  if (cursor.take(':')) return '=';
  const found = operators.find((operator) => operator !== '=' && cursor.text.startsWith(operator, cursor.at));
  if (found === undefined) throw cursor.expected('":" after the field (or quotes around text to search for)');
  cursor.at += found.length;
  return found;
}

function readNames(cursor: Cursor): readonly string[] {
  const names: string[] = [];
  do {
    names.push(readName(cursor));
  } while (cursor.take('.'));
  return names;
}

function readName(cursor: Cursor): string {
  if (cursor.char() === '"') return readQuoted(cursor);
  const bare = cursor.look(bareName)?.[0];
  if (bare === undefined || bare.includes('*')) {
    throw cursor.expected('a name (in quotes when it is empty or holds * or other signs)');
  }
  cursor.at += bare.length;
  return bare;
}
