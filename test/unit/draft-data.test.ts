import { describe, expect, it } from 'vitest';
import { draftOf, draftText, refusalOf } from '../support/drafts.ts';

const accepted = (fields: object) => draftOf(draftText(fields));
const refusal = (fields: object) => refusalOf(draftText(fields));

describe('labels', () => {
  it('become strings from numbers and booleans', () => {
    const labels = { text: 'a', whole: 5, part: 0.5, large: 1e21, negative: -0, yes: true, no: false };
    expect(accepted({ labels }).labels).toEqual({
      text: 'a',
      whole: '5',
      part: '0.5',
      large: '1e+21',
      negative: '0',
      yes: 'true',
      no: 'false',
    });
  });

  it('may be none at all', () => {
    expect(accepted({ labels: {} }).labels).toEqual({});
  });

  it('may be 32, not 33', () => {
    const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, 'v']));
    expect(Object.keys(accepted({ labels: labels(32) }).labels ?? {})).toHaveLength(32);
    expect(refusal({ labels: labels(33) })).toMatchObject({
      code: 'invalid_event',
      error: 'labels: must have at most 32 names; got 33',
    });
  });

  it('may have names of 64 characters, not 65', () => {
    expect(accepted({ labels: { ['n'.repeat(64)]: 'v' } }).labels).toEqual({ ['n'.repeat(64)]: 'v' });
    expect(refusal({ labels: { ['n'.repeat(65)]: 'v' } })).toMatchObject({
      error: `labels: must have names of at most 64 characters; got "${'n'.repeat(65)}"`,
    });
  });

  it('may have values of 256 characters, not 257', () => {
    expect(accepted({ labels: { a: 'v'.repeat(256) } }).labels).toEqual({ a: 'v'.repeat(256) });
    expect(refusal({ labels: { a: 'v'.repeat(257) } })).toMatchObject({
      error: `labels.a: must be at most 256 characters; got "${'v'.repeat(80)}"… (257 characters)`,
    });
  });

  it.each([
    ['null', null],
    ['an array', []],
    ['an object', {}],
  ])('refuse a value that is %s', (shown, value) => {
    expect(refusal({ labels: { a: value } })).toMatchObject({
      code: 'invalid_event',
      error: `labels.a: must be a string, number or boolean; got ${shown}`,
    });
  });

  it.each([[[]], ['text'], [5], [true]])('are refused when they are %j', (labels) => {
    expect(refusal({ labels })).toMatchObject({
      code: 'invalid_event',
      error: expect.stringMatching(/^labels: must be an object; got /) as string,
    });
  });

  it('may have the names that every object has', () => {
    const draft = draftOf('{"message":"m","labels":{"__proto__":"a","constructor":"b","toString":"c"}}');
    expect(JSON.stringify(draft.labels)).toBe('{"__proto__":"a","constructor":"b","toString":"c"}');
  });
});

describe('data', () => {
  it('is kept as it is', () => {
    const data = { a: [1, { b: null }], toString: 'x', hasOwnProperty: 1, then: {}, '': 0, 'a.b': true };
    expect(accepted({ data }).data).toEqual(data);
  });

  it.each([[[]], ['text'], [5], [false]])('is refused when it is %j', (data) => {
    expect(refusal({ data })).toMatchObject({
      code: 'invalid_event',
      error: expect.stringMatching(/^data: must be a JSON object; got /) as string,
    });
  });

  it('holds every field that the hub does not know, nulls too', () => {
    expect(accepted({ host: 'a', count: 0, note: null, list: [1], position: 9, type: 'x' }).data).toEqual({
      host: 'a',
      count: 0,
      note: null,
      list: [1],
      position: 9,
      type: 'x',
    });
  });

  it('adds them to what it has', () => {
    expect(accepted({ host: 'a', data: { port: 1 } }).data).toEqual({ port: 1, host: 'a' });
    expect(accepted({ host: 'a', data: null }).data).toEqual({ host: 'a' });
  });

  it('keeps both when it has a field of that name, the outer one with an underscore', () => {
    expect(accepted({ host: 'outer', data: { host: 'inner' } }).data).toEqual({ host: 'inner', _host: 'outer' });
  });

  it('keeps all of them when that name is taken too', () => {
    const data = { host: 1, _host: 2 };
    expect(accepted({ host: 3, _host: 4, data }).data).toEqual({ host: 1, _host: 2, __host: 3, ___host: 4 });
    expect(accepted({ _host: 4, host: 3, data: { host: 1 } }).data).toEqual({ host: 1, _host: 4, __host: 3 });
  });

  it('may have fields named __proto__, constructor and prototype, which do no harm', () => {
    const text = '{"message":"m","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"prototype":1}';
    const { data } = draftOf(text);
    expect(JSON.stringify(data)).toBe(
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"prototype":1}',
    );
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((data as { admin?: boolean }).admin).toBeUndefined();
  });

  it('keeps an outer __proto__ beside an inner one', () => {
    const { data } = draftOf('{"message":"m","__proto__":1,"data":{"__proto__":2,"a":3}}');
    expect(JSON.stringify(data)).toBe('{"__proto__":2,"a":3,"___proto__":1}');
  });
});
