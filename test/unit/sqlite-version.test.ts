import { describe, expect, it } from 'vitest';
import { isSafeSqlite, refuseUnsafeSqlite } from '../../src/sinks/sqlite/sqlite-version.ts';

describe('the gate for versions of SQLite', () => {
  it.each(['3.51.3', '3.52.0', '3.53.2', '3.54.0', '4.0.0', '3.44.6', '3.44.9', '3.50.7'])(
    'lets %s write',
    (version) => {
      expect(isSafeSqlite(version)).toBe(true);
    },
  );

  it.each(['3.51.2', '3.51.0', '3.50.6', '3.49.9', '3.44.5', '3.45.0', '3.40.1', '2.9.9'])('refuses %s', (version) => {
    expect(isSafeSqlite(version)).toBe(false);
  });

  it('says what to do', () => {
    expect(() => {
      refuseUnsafeSqlite('3.40.1');
    }).toThrow('SQLite 3.40.1 can damage the log: it must be 3.51.3 or newer; run `npm ci`');
  });
});
