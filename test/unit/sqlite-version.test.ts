import { describe, expect, it } from 'vitest';
import { refuseUnsafeSqlite } from '../../src/sinks/sqlite/sqlite-version.ts';

describe('the version of SQLite', () => {
  it.each(['3.51.3', '3.51.10', '3.53.0', '4.0.0', '3.44.6', '3.50.7', '3.50.12'])('%s is taken', (version) => {
    expect(() => refuseUnsafeSqlite(version)).not.toThrow();
  });

  it.each(['3.7.0', '3.40.1', '3.44.5', '3.45.9', '3.50.6', '3.51.2', '2.8.17'])('%s is refused', (version) => {
    expect(() => refuseUnsafeSqlite(version)).toThrow(
      `SQLite ${version} can damage the log: it must be 3.51.3 or newer; run \`npm ci\``,
    );
  });
});
