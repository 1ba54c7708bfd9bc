import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/pipeline/event.ts';
import { compileQuery } from '../../src/pipeline/query/evaluate.ts';
import { parseQuery } from '../../src/pipeline/query/parse.ts';
import { termFor } from '../../web/query/terms.ts';
import { fieldsOf } from '../../web/state/event-fields.ts';
import { anEvent } from '../support/fake-socket.ts';

const dataOf = (data: JsonObject) =>
  fieldsOf(anEvent(1, { data })).flatMap(({ name, text }) => (name.startsWith('data') ? [[name, text]] : []));

describe('fieldsOf', () => {
  it('spells nested data out as paths, and lists as JSON', () => {
    expect(
      dataOf({ lag_s: 94.2, peer: { name: 'db-3', up: false, ports: [1, { a: 2 }] }, none: null, empty: {} }),
    ).toEqual([
      ['data.lag_s', '94.2'],
      ['data.peer.name', 'db-3'],
      ['data.peer.up', 'false'],
      ['data.peer.ports', '[1,{"a":2}]'],
      ['data.none', 'null'],
      ['data.empty', '{}'],
    ]);
  });

  it('names every value so that a search for it finds the event', () => {
    const odd = {
      'a b': 1,
      'x.y': 'two words',
      '': 'nothing',
      'q"\\': '"quoted"',
      '*': 'a*b',
      __proto__x: 'p',
      é: '(é)',
    };
    const event = anEvent(1, { labels: { 'site.room': 'b 3', 'a:b': '-x', '..': 'dots' }, data: { odd, ...odd } });
    const searchable = fieldsOf(event).filter(({ isSearchable }) => isSearchable);
    expect(searchable.length).toBe(6 + 3 + 14);
    for (const { name, text } of searchable) {
      const query = termFor(name, text, false);
      expect([query, compileQuery(parseQuery(query, 0))(event)]).toEqual([query, true]);
    }
  });

  it('does not offer to search for what a search cannot find or hold', () => {
    const event = anEvent(1, { data: { list: [1], none: null, long: 'x'.repeat(601), lines: 'a\nb' } });
    expect(
      fieldsOf(event)
        .filter(({ isSearchable }) => !isSearchable)
        .map(({ name }) => name),
    ).toEqual(['data.list', 'data.none', 'data.long', 'data.lines']);
  });
});
