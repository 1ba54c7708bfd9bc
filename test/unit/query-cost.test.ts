import { describe, expect, it } from 'vitest';
import { cheapFirst } from '../../src/pipeline/query/cost.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';

function read(text: string) {
  return parseQuery(text, 0);
}

describe('cheapFirst', () => {
  it('puts numbers before texts, these before what is inside the record, and the message last', () => {
    const texts = [
      'message:a',
      '-(severity:info OR up)',
      'data.a>1',
      'label.a:b',
      'key:a',
      '-severity:info',
      'position>1',
    ];
    const order = [
      '-severity:info',
      'position>1',
      'key:a',
      'data.a>1',
      'label.a:b',
      'message:a',
      '-(severity:info OR up)',
    ];
    expect(cheapFirst(texts.map(read))).toEqual(order.map(read));
  });
});
