import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultsOf, draftOfLine, withDefaults } from '../../src/cli/draft-defaults.ts';
import { readLines, type InputLine } from '../../src/cli/input-lines.ts';

async function* inChunks(...chunks: readonly (Buffer | string)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

async function linesOf(...chunks: readonly (Buffer | string)[]): Promise<InputLine[]> {
  const lines: InputLine[] = [];
  for await (const some of readLines(inChunks(...chunks))) lines.push(...some);
  return lines;
}

describe('readLines', () => {
  it('numbers lines as an editor does, and leaves out the empty ones', async () => {
    expect(await linesOf('a\n\n', '\r\nb\r\nla', 'st')).toEqual([
      { number: 1, text: 'a' },
      { number: 4, text: 'b' },
      { number: 5, text: 'last' },
    ]);
  });

  it('gives the same lines wherever the input is cut', async () => {
    const bytes = Buffer.from('ñ one\n漢 two\r\n\n🙂');
    const whole = await linesOf(bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length), fc.nat(bytes.length), async (a, b) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const cut = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)];
        expect(await linesOf(...cut)).toEqual(whole);
      }),
    );
  });

  it('tells of a line that no hub would take, and goes on after it', async () => {
    expect(await linesOf('x'.repeat(65_537), '\nb\n', Buffer.of(0xff, 0x0a))).toEqual([
      { number: 1, fault: { code: 'too_large', error: 'line: must be at most 65536 bytes' } },
      { number: 2, text: 'b' },
      { number: 3, fault: { code: 'invalid_json', error: 'line: must be valid UTF-8' } },
    ]);
  });

  it('does not take the mark of UTF-8 at the beginning for text', async () => {
    expect(await linesOf('\ufeff{}\n\ufeffx')).toEqual([
      { number: 1, text: '{}' },
      { number: 2, text: '\ufeffx' },
    ]);
  });
});

describe('draftOfLine', () => {
  it.each([
    ['{"message":"m","id":"1"}', { message: 'm', id: '1' }],
    ['  {"message":"m"}', { message: 'm' }],
    ['disk full', { message: 'disk full' }],
    ['{broken', { message: '{broken' }],
    ['["a"]', { message: '["a"]' }],
    ['"text"', { message: '"text"' }],
  ])('takes %s as %o', (line, draft) => {
    expect(draftOfLine(line, {})).toEqual(draft);
  });

  it('keeps a field of any name as data', () => {
    const draft = draftOfLine('{"message":"m","__proto__":{"a":1}}', { source: 's' });
    expect(JSON.stringify(draft)).toBe('{"message":"m","__proto__":{"a":1},"source":"s"}');
  });
});

describe('withDefaults', () => {
  const defaults = { source: 's', severity: 'error', key: 'k', status: 'firing', label: { site: 'madrid', rack: '1' } };

  it('fills in what the draft lacks, or has as null', () => {
    expect(withDefaults({ message: 'm', source: 'own', severity: null }, defaults)).toEqual({
      message: 'm',
      source: 'own',
      severity: 'error',
      key: 'k',
      status: 'firing',
      labels: { site: 'madrid', rack: '1' },
    });
  });

  it('adds a label that the draft has not by that name', () => {
    const { labels } = withDefaults({ labels: { rack: '7', row: 'b' } }, defaults);
    expect(labels).toEqual({ site: 'madrid', rack: '7', row: 'b' });
  });

  it('leaves labels that are none for the hub to refuse', () => {
    expect(withDefaults({ labels: 'x' }, defaults)['labels']).toBe('x');
  });

  it('takes from the options only what is one', () => {
    const options = { source: 's', severity: undefined, json: true } as unknown as Parameters<typeof defaultsOf>[0];
    expect(defaultsOf(options)).toEqual({ source: 's' });
  });
});
