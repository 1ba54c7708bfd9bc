import type Database from 'better-sqlite3';
import { fold } from '../../pipeline/query/fold.ts';
import { compilePattern, type Pattern } from '../../pipeline/query/pattern.ts';
import { rememberLast } from '../../pipeline/remember-last.ts';
import { foldScalar, memberOf } from '../../pipeline/query/member.ts';

/** Compiled patterns kept for each connection: more than a query of 2 KiB can hold. */
const maxPatterns = 1_024;

/** Gives the connection the functions that the SQL of `filterSql` calls:
 *  - `matches_text(text, pattern)` of a text, for a pattern as JSON text;
 *  - `matches_json(json, pattern)` of what `->` takes out of a record;
 *  - `record_member(record, names)`: the JSON text of what the names lead to, where `->` is not to be trusted;
 *  - `json_number(json)`: the number that `->` took out, null for anything else.
 *
 *  Comparing in JavaScript is what makes the log answer as memory does: SQLite folds ASCII alone, stops at U+0000, and
 *  may read a decimal number half a unit in the last place away. */
export function registerQueryFunctions(db: Database.Database): void {
  const options = { deterministic: true, directOnly: true, safeIntegers: false };
  const test = rememberedPatterns();
  const foldText = rememberLast((text: unknown) => (typeof text === 'string' ? fold(text) : undefined));
  const foldJson = rememberLast((json: unknown) => foldScalar(valueOf(json)));
  db.function('matches_text', options, (text: unknown, pattern: unknown) => {
    const folded = foldText(text);
    return folded !== undefined && test(String(pattern))(folded) ? 1 : 0;
  });
  db.function('matches_json', options, (json: unknown, pattern: unknown) => {
    const folded = foldJson(json);
    return folded !== undefined && test(String(pattern))(folded) ? 1 : 0;
  });
  db.function('record_member', options, (record: unknown, names: unknown) => {
    const member = memberOf(JSON.parse(String(record)), JSON.parse(String(names)) as readonly string[]);
    return member === undefined ? null : JSON.stringify(member);
  });
  db.function('json_number', options, (json: unknown) => {
    const value = valueOf(json);
    return typeof value === 'number' ? value : null;
  });
}

/** Objects and arrays are not worth parsing: nothing compares with them. */
function valueOf(json: unknown): unknown {
  if (typeof json !== 'string' || json.startsWith('{') || json.startsWith('[')) return undefined;
  return JSON.parse(json);
}

function rememberedPatterns(): (pattern: string) => (text: string) => boolean {
  const tests = new Map<string, (text: string) => boolean>();
  return (pattern) => {
    const known = tests.get(pattern);
    if (known !== undefined) return known;
    if (tests.size >= maxPatterns) tests.clear();
    const test = compilePattern(JSON.parse(pattern) as Pattern);
    tests.set(pattern, test);
    return test;
  };
}
