import Database from 'better-sqlite3';
import { migrate, migrations } from '../../src/sinks/sqlite/schema.ts';

/** A migration of every record, in a process of its own that is killed in the middle: `file [position]`, the position being
 *  where it ends itself as a kill -9 does; without one it comes to its end. */
const [file = '', position] = process.argv.slice(2);
const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
// So that much of it is in the file before the commit.
db.pragma('cache_size = 10');
db.function('reach', (at) => {
  if (at === Number(position)) process.kill(process.pid, 'SIGKILL');
  return 'made anew';
});
migrate(db, [
  ...migrations,
  () => {
    db.exec("ALTER TABLE records ADD COLUMN added TEXT NOT NULL DEFAULT 'not yet'");
    db.exec('UPDATE records SET added = reach(position)');
  },
]);
db.close();
