import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordLine } from '../../src/cli/event-line.ts';
import { recordTable } from '../../src/cli/event-table.ts';
import { plainJson, plainText, shownInJson } from '../../src/cli/plain-text.ts';
import { tokenTable } from '../../src/cli/token-table.ts';
import type { TokenInfo } from '../../src/pipeline/access-desks.ts';
import type { RecordValue } from '../../src/pipeline/record.ts';

/** What a terminal obeys: C0, DEL and C1, the marks of direction, and Unicode's line ends. */
const obeyed = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  ...[0x061c, 0x200e, 0x200f],
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
  ...[0x2028, 0x2029],
];

function range(from: number, through: number): number[] {
  return Array.from({ length: through - from + 1 }, (_, index) => from + index);
}

function obeyedIn(text: string): readonly string[] {
  return Array.from(text).filter((character) => obeyed.includes(character.codePointAt(0)!));
}

describe('plainText', () => {
  it('leaves nothing that a terminal obeys, wherever it stands', () => {
    const all = obeyed.map((code) => `a${String.fromCodePoint(code)}`).join('');
    expect(obeyedIn(plainText(all))).toEqual([]);
  });

  it.each([
    ['\u001b[2J\u001b]0;owned\u0007', '\\e[2J\\e]0;owned\\u0007'],
    ['one\r\ntwo\tthree', 'one\\r\\ntwo\\tthree'],
    ['\u009b31mred', '\\u009b31mred'],
    ['user\u202etxt.exe', 'user\\u202etxt.exe'],
    ['a\0b', 'a\\u0000b'],
  ])('shows %j as an escape', (text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  it('leaves text of every script, and emoji that are joined, as it is', () => {
    const text = 'Größe ñ 漢字 עברית العربية 👩‍👩‍👧 25 °C';
    expect(plainText(text)).toBe(text);
  });
});

describe('plainJson', () => {
  it('means what it meant', () => {
    fc.assert(
      fc.property(fc.uint16Array(), (units) => {
        const value = String.fromCharCode(...units);
        expect(JSON.parse(plainJson({ [value]: value }))).toEqual({ [value]: value });
      }),
    );
  });

  it('leaves nothing that a terminal obeys', () => {
    const text = plainJson(obeyed.map((code) => String.fromCodePoint(code)).join(''));
    expect(obeyedIn(text)).toEqual([]);
  });
});

describe('shownInJson', () => {
  const shown = (text: string): unknown => JSON.parse(shownInJson(JSON.stringify(text)));

  it('leaves nothing that a terminal obeys but line ends and tabs, once it is parsed', () => {
    const text = obeyed.map((code) => `\\${String.fromCodePoint(code)}`).join('');
    expect(obeyedIn(String(shown(text)))).toEqual(['\t', '\n']);
  });

  it('shows escapes, and leaves all other text and its backslashes as they are', () => {
    expect(shown('\u001b[2J\u009b\r\n\ttext')).toBe('\\u001b[2J\\u009b\\r\n\ttext');
    expect(shown('C:\\users\\bob "quoted" \\\\u001b ñ 漢')).toBe('C:\\users\\bob "quoted" \\\\u001b ñ 漢');
  });
});

describe('what a rogue hub sends', () => {
  const hostile = 'a\u001b[2J\u009b31m\u202e';
  const fieldsOf = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, hostile]));
  const within = (text: string) => obeyedIn(text).filter((character) => character !== '\n');

  it('is obeyed from no field of a token', () => {
    const token = { ...fieldsOf(['id', 'role', 'name', 'created', 'expires']), sources: [hostile] };
    expect(within(tokenTable([token as unknown as TokenInfo], 0))).toEqual([]);
  });

  it.each(['event', hostile])('is obeyed from no field of a record: %j', (type) => {
    const names = ['position', 'time', 'severity', 'source', 'key', 'status', 'message', 'reason'];
    const record = { ...fieldsOf(names), type } as unknown as RecordValue;
    const look = { isColoured: false, now: 0 };
    expect(within(recordLine(record, look))).toEqual([]);
    expect(within(recordTable([record], { ...look, columns: undefined }, true))).toEqual([]);
  });
});
