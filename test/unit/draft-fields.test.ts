import { describe, expect, it } from 'vitest';
import { parseDraftText } from '../../src/pipeline/draft.ts';
import { draftOf, draftText, refusalOf } from '../support/drafts.ts';

const accepted = (fields: object) => draftOf(draftText(fields));
const refused = (fields: object) => refusalOf(draftText(fields));

describe('a draft with a message alone', () => {
  it('gets every default', () => {
    const { id, ...rest } = accepted({});
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(rest).toEqual({
      time: null,
      source: 'unknown',
      severity: 'info',
      message: 'm',
      key: 'unknown',
      status: 'firing',
      idGiven: false,
      statusGiven: false,
      labels: null,
      data: null,
    });
  });

  it('gets an id of its own each time', () => {
    expect(accepted({}).id).not.toBe(accepted({}).id);
  });

  it('gets the same from nulls in all other fields', () => {
    const nulls = { source: null, severity: null, id: null, time: null, key: null, status: null };
    const draft = accepted({ ...nulls, labels: null, data: null });
    expect({ ...draft, id: '' }).toEqual({ ...accepted({}), id: '' });
  });

  it('takes its key from the source that it gives', () => {
    expect(accepted({ source: 'sw-1' })).toMatchObject({ source: 'sw-1', key: 'sw-1' });
  });
});

describe('message', () => {
  it.each([
    ['8192 bytes of one each', 'm'.repeat(8_192)],
    ['8192 bytes of two each', 'é'.repeat(4_096)],
    ['8190 bytes of three each', '€'.repeat(2_730)],
    ['8192 bytes of four each', '😀'.repeat(2_048)],
    ['one space', ' '],
    ['U+0000', 'a\0b'],
  ])('is kept as it is: %s', (_, message) => {
    expect(accepted({ message }).message).toBe(message);
  });

  it.each([
    ['8193 bytes of one each', 'm'.repeat(8_193)],
    ['8194 bytes of two each', 'é'.repeat(4_097)],
    ['8193 bytes of three each', '€'.repeat(2_731)],
    ['8196 bytes of four each', '😀'.repeat(2_049)],
    ['none', ''],
    ['null', null],
    ['a number', 5],
    ['an array', ['m']],
    ['an object', { text: 'm' }],
    ['true', true],
  ])('is refused: %s', (_, message) => {
    expect(refused({ message })).toMatchObject({
      code: 'invalid_event',
      error: expect.stringMatching(/^message: must .+; got /) as string,
    });
  });

  it('is required', () => {
    expect(refused({ message: undefined }).error).toBe('message: must be a string and is required; got nothing');
  });
});

describe.each([
  ['source', 128],
  ['id', 128],
  ['key', 256],
] as const)('%s', (field, limit) => {
  it.each([
    ['one character', 'x'],
    ['as many characters as are allowed', 'x'.repeat(limit)],
    ['as many UTF-16 units as are allowed', '😀'.repeat(limit / 2)],
    ['line feeds, slashes, dots and U+0000', '\n/../%00\0'],
  ])('is kept as it is: %s', (_, value) => {
    expect(accepted({ [field]: value })[field]).toBe(value);
  });

  it.each([
    ['none', '', '""'],
    ['one character too many', 'x'.repeat(limit + 1), `"${'x'.repeat(80)}"… (${limit + 1} characters)`],
    ['one surrogate pair too many', '😀'.repeat(limit / 2 + 1), `"${'😀'.repeat(40)}"… (${limit + 2} characters)`],
    ['a number', 7, '7'],
    ['false', false, 'false'],
    ['an array', ['x'], 'an array'],
    ['an object', {}, 'an object'],
  ])('is refused: %s', (_, value, shown) => {
    expect(refused({ [field]: value })).toMatchObject({
      code: 'invalid_event',
      error: `${field}: must be a string of 1 to ${limit} characters; got ${shown}`,
    });
  });
});

describe('severity', () => {
  it.each([
    ['info', ['info', 'debug', 'notice', 'ok']],
    ['warning', ['warning', 'warn']],
    ['error', ['error', 'err']],
    ['critical', ['critical', 'crit', 'alert', 'fatal', 'panic', 'emerg', 'emergency']],
  ])('is %s by each of its names, in any case', (severity, names) => {
    const mixed = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
    for (const name of names) {
      for (const given of [name, name.toUpperCase(), mixed(name)]) {
        expect(accepted({ severity: given }).severity).toBe(severity);
      }
    }
  });

  it.each([
    ['another word', 'loud', '"loud"'],
    ['a name with a space', 'CRITICAL ', '"CRITICAL "'],
    ['a dotless i', 'cr\u0131tical', '"cr\u0131tical"'],
    ['nothing', '', '""'],
    ['a number', 5, '5'],
    ['an array', ['critical'], 'an array'],
    ['the name of what every object has', 'constructor', '"constructor"'],
  ])('is refused: %s', (_, severity, shown) => {
    expect(refused({ severity })).toMatchObject({
      code: 'invalid_event',
      error: `severity: must be one of info, warning, error, critical; got ${shown}`,
    });
  });
});

describe('status', () => {
  it.each(['firing', 'resolved'])('is %s, and known to be given', (status) => {
    expect(accepted({ status })).toMatchObject({ status, statusGiven: true });
  });

  it.each([['RESOLVED'], ['open'], [''], [0], [['firing']]])('is refused: %j', (status) => {
    expect(refused({ status })).toMatchObject({
      code: 'invalid_event',
      error: expect.stringMatching(/^status: must be one of firing, resolved; got /) as string,
    });
  });
});

describe('a refusal', () => {
  it('carries the id that the draft has', () => {
    expect(refused({ id: 'a-1', severity: 'loud' }).id).toBe('a-1');
  });

  it('carries no id when that is what is wrong', () => {
    expect(refused({ id: 'x'.repeat(129) })).not.toHaveProperty('id');
  });
});

describe('an id beside the draft', () => {
  const parse = (fields: object, id: string) => parseDraftText(draftText(fields), id);

  it('becomes its id', () => {
    expect(parse({}, 'k-1')).toMatchObject({ ok: true, draft: { id: 'k-1' } });
  });

  it('may be the same as the one inside', () => {
    expect(parse({ id: 'k-1' }, 'k-1')).toMatchObject({ ok: true, draft: { id: 'k-1' } });
  });

  it('may not differ from the one inside', () => {
    expect(parse({ id: 'k-2' }, 'k-1')).toMatchObject({
      ok: false,
      outcome: { code: 'invalid_event', error: 'id: must equal the Idempotency-Key header "k-1"; got "k-2"' },
    });
  });

  it('keeps to the length of an id', () => {
    expect(parse({}, 'x'.repeat(128))).toMatchObject({ ok: true });
    expect(parse({}, 'x'.repeat(129))).toMatchObject({
      ok: false,
      outcome: {
        error: expect.stringMatching(/^Idempotency-Key: must be a string of 1 to 128 characters; got /) as string,
      },
    });
  });
});
