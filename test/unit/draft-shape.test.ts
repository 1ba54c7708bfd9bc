import { describe, expect, it } from 'vitest';
import { parseDraft, parseDraftText } from '../../src/pipeline/draft.ts';
import { draftText, refusalOf } from '../support/drafts.ts';

const parse = (fields: object) => parseDraftText(draftText(fields));

/** `{"a":{"a":…{}}}`, `depth` objects within each other. */
function nested(depth: number): object {
  return depth === 1 ? {} : { a: nested(depth - 1) };
}

describe('text that is not one JSON object', () => {
  it.each([
    ['nothing', ''],
    ['blanks', '  '],
    ['a word', 'hello'],
    ['an unfinished object', '{"message":"m"'],
    ['two objects', '{"message":"m"} {"message":"m"}'],
    ['a comment', '{"message":"m"} // hello'],
    ['single quotes', "{'message':'m'}"],
    ['a trailing comma', '{"message":"m",}'],
    ['a leading zero', '{"message":"m","n":01}'],
    ['NaN', '{"message":"m","n":NaN}'],
    ['a byte order mark', '\ufeff{"message":"m"}'],
    ['a raw U+0000', '{"message":"a\0b"}'],
    ['a raw line feed in a string', '{"message":"a\nb"}'],
    ['an array', '[{"message":"m"}]'],
    ['a string', '"m"'],
    ['a number', '1'],
    ['null', 'null'],
    ['true', 'true'],
    ['30,000 open brackets', '['.repeat(30_000)],
    ['10,000 open objects', '{"a":'.repeat(10_000)],
  ])('is invalid_json: %s', (_, text) => {
    expect(refusalOf(text)).toMatchObject({
      code: 'invalid_json',
      error: expect.stringMatching(/^event: must be one JSON object; /) as string,
    });
  });

  it('is answered with well-formed text, though a piece of it is quoted', () => {
    const text = `{"😀😀😀😀":?,"${'😀'.repeat(14)}"}`;
    expect(refusalOf(text).error).toContain('😀');
    expect(refusalOf(text).error.isWellFormed()).toBe(true);
  });
});

describe('a draft', () => {
  it('may be nested 16 deep, not 17', () => {
    expect(parse({ data: nested(15) })).toMatchObject({ ok: true });
    expect(parse({ data: nested(16) })).toMatchObject({
      ok: false,
      outcome: {
        code: 'invalid_event',
        error: expect.stringMatching(/^data\.a.+: must be nested at most 16 deep; got deeper$/) as string,
      },
    });
  });

  it('counts arrays as nesting too', () => {
    const arrays = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as unknown;
    expect(parse({ data: { a: arrays(14) } })).toMatchObject({ ok: true });
    expect(parse({ data: { a: arrays(15) } })).toMatchObject({ ok: false, outcome: { code: 'invalid_event' } });
  });

  it('is refused without exhausting the stack when it is nested 30,000 deep', () => {
    expect(refusalOf(`{"message":"m","data":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}`)).toMatchObject({
      code: 'invalid_event',
    });
  });

  it('may have 128 names in an object, not 129', () => {
    const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, at]));
    expect(parse({ data: names(128) })).toMatchObject({ ok: true });
    expect(parse({ data: { inner: [names(129)] } })).toMatchObject({
      ok: false,
      outcome: { code: 'invalid_event', error: 'data.inner[0]: must have at most 128 names; got 129' },
    });
    expect(parse(names(127))).toMatchObject({ ok: true });
    expect(parse(names(128))).toMatchObject({
      ok: false,
      outcome: { error: 'event: must have at most 128 names; got 129' },
    });
  });

  it('may have arrays of any length', () => {
    expect(parse({ data: { zeros: Array.from({ length: 30_000 }, () => 0) } })).toMatchObject({ ok: true });
  });

  it.each([
    ['in the message', '{"message":"\\ud800"}', 'message: must be well-formed text; got a lone surrogate'],
    ['in a source', '{"message":"m","source":"a\\udc00"}', 'source: must be well-formed text; got a lone surrogate'],
    [
      'deep in data',
      '{"message":"m","data":{"a":["\\ud83d"]}}',
      'data.a[0]: must be well-formed text; got a lone surrogate',
    ],
    ['in a name', '{"message":"m","data":{"\\ud800":1}}', 'data: must have well-formed names; got a lone surrogate'],
    ['in the wrong order', '{"message":"\\ude00\\ud83d"}', 'message: must be well-formed text; got a lone surrogate'],
  ])('is refused with a lone surrogate %s', (_, text, error) => {
    expect(refusalOf(text)).toMatchObject({ code: 'invalid_event', error });
  });

  it('keeps a pair of surrogates that was written as escapes', () => {
    expect(parseDraftText('{"message":"\\ud83d\\ude00"}')).toMatchObject({ ok: true, draft: { message: '😀' } });
  });

  it('keeps U+0000 as data', () => {
    expect(parseDraftText('{"message":"a\\u0000b","data":{"\\u0000":"\\u0000"}}')).toMatchObject({
      ok: true,
      draft: { message: 'a\0b', data: { '\0': '\0' } },
    });
  });

  it('is refused with a number that is larger than any', () => {
    expect(refusalOf('{"message":"m","data":{"n":-1e309}}')).toMatchObject({
      code: 'invalid_event',
      error: 'data.n: must be a number below 1.8e308; got a larger one',
    });
  });

  it('is refused with a place that stays short, however long its names are', () => {
    const outcome = refusalOf(`{"message":"m","data":{"${'n'.repeat(60_000)}":1e999}}`);
    expect(outcome.error.length).toBeLessThan(400);
  });

  it('among several is refused when it is no object', () => {
    for (const value of [null, 1, 'text', true, []]) {
      expect(parseDraft(value, true)).toMatchObject({
        ok: false,
        outcome: {
          code: 'invalid_event',
          error: expect.stringMatching(/^event: must be a JSON object; got /) as string,
        },
      });
    }
  });
});
