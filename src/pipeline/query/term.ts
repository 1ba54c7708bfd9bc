import { severities, type Severity } from '../event.ts';
import { severityByName } from '../severity-names.ts';
import { instantRule, parseInstant } from '../span.ts';
import { anyOf, everything, textFields, type Operator, type Query } from './ast.ts';
import { compare } from './compare.ts';
import type { Cursor } from './cursor.ts';
import type { Field } from './field.ts';
import { anywhere, compilePattern, matchesAnyText, patternOf } from './pattern.ts';
import { textOf, type Word } from './word.ts';

const number = /^[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** What a bare word or a quoted phrase asks for. */
export function phraseTerm(word: Word): Query {
  const pattern = anywhere(patternOf(word.pieces));
  if (matchesAnyText(pattern)) return everything;
  return anyOf([
    { kind: 'text', field: 'source', pattern },
    { kind: 'member', path: ['message'], pattern },
  ]);
}

/** What a field with its operator and value asks for. `since` and `until` count back from `now`. */
export function fieldTerm(cursor: Cursor, field: Field, word: Word, now: number): Query {
  const { operator } = field;
  switch (field.name) {
    case 'severity':
      return severityTerm(cursor, operator, word);
    case 'time':
      return { kind: 'order', field: 'time', operator, value: readInstant(cursor, word, now) };
    case 'position':
      return { kind: 'order', field: 'position', operator, value: readPosition(cursor, word) };
    case 'since':
      requireColon(cursor, field);
      return { kind: 'order', field: 'time', operator: '>=', value: readInstant(cursor, word, now) };
    case 'until':
      requireColon(cursor, field);
      return { kind: 'order', field: 'time', operator: '<', value: readInstant(cursor, word, now) };
    default:
      return textTerm(cursor, field, word);
  }
}

function textTerm(cursor: Cursor, field: Field, word: Word): Query {
  const { path, operator } = field;
  if (path?.[0] === 'data' && operator !== '=') {
    return { kind: 'number', path, operator, value: readNumber(cursor, word) };
  }
  requireColon(cursor, field);
  const pattern = patternOf(word.pieces);
  if (path !== null) return { kind: 'member', path, pattern };
  if (field.name === 'message' || field.name === 'status') return { kind: 'member', path: [field.name], pattern };
  const name = textFields.find((known) => known === field.name);
  if (name === undefined) throw new Error(`the field ${field.name} has no meaning`);
  return { kind: 'text', field: name, pattern };
}

function severityTerm(cursor: Cursor, operator: Operator, word: Word): Query {
  const bound = severityByName(textOf(word));
  const anyOf = bound === undefined && operator === '=' ? severitiesLike(word) : severitiesBy(operator, bound);
  if (anyOf.length === 0 && bound === undefined) {
    throw cursor.expected(`one of ${severities.join(', ')}`, word.at);
  }
  return { kind: 'severity', anyOf };
}

function severitiesLike(word: Word): readonly Severity[] {
  return severities.filter(compilePattern(patternOf(word.pieces)));
}

function severitiesBy(operator: Operator, bound: Severity | undefined): readonly Severity[] {
  if (bound === undefined) return [];
  const rank = severities.indexOf(bound);
  return severities.filter((_, each) => compare(each, operator, rank));
}

function readInstant(cursor: Cursor, word: Word, now: number): number {
  const at = parseInstant(textOf(word), now);
  if (at === undefined) throw cursor.expected(instantRule, word.at);
  return at;
}

function readPosition(cursor: Cursor, word: Word): number {
  const text = textOf(word);
  const position = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(position))
    throw cursor.expected('a position, a whole number', word.at);
  return position;
}

function readNumber(cursor: Cursor, word: Word): number {
  const value = Number(textOf(word));
  if (!number.test(textOf(word)) || !Number.isFinite(value)) throw cursor.expected('a number', word.at);
  return value;
}

function requireColon(cursor: Cursor, field: Field): void {
  if (field.operator !== '=') throw cursor.expected(`":" after ${field.name}`, field.operatorAt);
}
