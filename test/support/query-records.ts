import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { severities } from '../../src/pipeline/event.ts';
import type { Filter } from '../../src/pipeline/filter.ts';
import type { RecordLike } from '../../src/pipeline/query/evaluate.ts';
import { registerQueryFunctions } from '../../src/sinks/sqlite/query-functions.ts';
import { filterSql } from '../../src/sinks/sqlite/query-sql.ts';
import { migrate } from '../../src/sinks/sqlite/schema.ts';
import type { LogTables } from '../../src/sinks/sqlite/tables.ts';

/** The log's own table in memory, with records that need not come from drafts. */
export class RecordsInSql {
  readonly #db = new Database(':memory:');
  readonly #sql = new Kysely<LogTables>({ dialect: new SqliteDialect({ database: this.#db }) });

  constructor() {
    migrate(this.#db);
    registerQueryFunctions(this.#db);
  }

  /** Replaces what the table holds. The columns of decisions may be copies of their fields, or null. */
  hold(records: readonly RecordLike[], areDecisionsCopied: boolean): void {
    this.#db.exec('DELETE FROM records');
    const insert = this.#db.prepare(
      `INSERT INTO records (position, type, id, source, severity, time, received_at, channel, key, given, record, checksum)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)`,
    );
    for (const record of records) {
      const { position, type, receivedAt } = record;
      const isCopied = type === 'event' || areDecisionsCopied;
      const text = (value: unknown): unknown => (isCopied && typeof value === 'string' ? value : null);
      const rank = (severities as readonly unknown[]).indexOf(record.severity);
      const severity = type === 'event' && rank >= 0 ? rank : null;
      const time = typeof record.time === 'string' ? Date.parse(record.time) : null;
      insert.run(
        ...[position, type, text(record.id), text(record.source), severity, time, Date.parse(receivedAt)],
        ...[text(record.channel), text(record.key), JSON.stringify(record)],
      );
    }
  }

  /** Positions of the records that the filter's SQL lets through. */
  positions(filter: Filter): readonly number[] {
    const query = this.#sql.selectFrom('records').select('position').where(filterSql(filter)).orderBy('position');
    const { sql, parameters } = query.compile();
    return this.#db
      .prepare<unknown[], number>(sql)
      .pluck()
      .all(...parameters);
  }

  close(): void {
    this.#db.close();
  }
}
