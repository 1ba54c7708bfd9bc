import type Database from 'better-sqlite3';
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type CompiledQuery,
} from 'kysely';
import type { LogTables } from './tables.ts';

/** Writes SQL and never runs it: kysely's own driver would prepare each statement anew on every call. */
export const sqlFor = new Kysely<LogTables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Prepares a statement once; its parameters are given in order at each run. */
export function prepare(db: Database.Database, query: Compilable | CompiledQuery): Database.Statement {
  return db.prepare('sql' in query ? query.sql : query.compile().sql);
}
