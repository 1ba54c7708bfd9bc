/** A mistake that somebody might make: in `file`, `text` becomes `mistake`. */
export interface SeededBug {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly mistake: string;
  /** The tests that must fail with it. */
  readonly caughtBy: {
    readonly project: 'unit' | 'property' | 'integration' | 'faults';
    readonly file: string;
    /** Those of the file whose names have this in them; all of them when it is empty. */
    readonly name?: string;
  };
}

const unit = (file: string): SeededBug['caughtBy'] => ({ project: 'unit', file: `test/unit/${file}.test.ts` });
const property = (file: string): SeededBug['caughtBy'] => ({
  project: 'property',
  file: `test/property/${file}.test.ts`,
});
const integration = (file: string, name = ''): SeededBug['caughtBy'] => ({
  project: 'integration',
  file: `test/integration/${file}.test.ts`,
  name,
});

export const seededBugs: readonly SeededBug[] = [
  {
    name: 'acknowledges before the commit',
    file: 'src/pipeline/append.ts',
    text: 'async (batch) => ({ batch, appended: await log.append(batch) })',
    mistake: `async (batch) => {
      for (const { settle } of batch) settle({ kind: 'accepted', id: '', position: log.head + 1 });
      return { batch, appended: await log.append(batch) };
    }`,
    caughtBy: unit('append'),
  },
  {
    name: 'commits without an fsync (synchronous=NORMAL)',
    file: 'src/sinks/sqlite/log-file.ts',
    text: "requirePragma(db, 'synchronous', 'FULL', 2)",
    mistake: "requirePragma(db, 'synchronous', 'NORMAL', 1)",
    caughtBy: { project: 'faults', file: 'test/faults/sync-before-ack.test.ts', name: 'one in flight' },
  },
  {
    name: 'stops before the last batch is written',
    file: 'src/pipeline/batch.ts',
    text: 'if (this.#underWay === 0 && this.#waiting.length === 0) how();',
    mistake: 'how();',
    caughtBy: unit('batch'),
  },
  {
    name: 'gives frames to a slow subscriber that has no room for them',
    file: 'src/sinks/broadcast/group.ts',
    text: 'this.#memory.hand(this.#members, bytes)',
    mistake: 'this.#memory.hand(this.#members, bytes).slice(0, 0)',
    caughtBy: property('subscriptions'),
  },
  {
    name: 'hands a group live frames without end between two looks at its connections',
    file: 'src/sinks/broadcast/handed-ahead.ts',
    text: 'return each <= mostAhead && this.#held + each <= most;',
    mistake: 'return each > 0;',
    caughtBy: property('subscriptions'),
  },
  {
    name: 'joins the live frames one record too early',
    file: 'src/sinks/broadcast/subscriber.ts',
    text: 'this.#cursor >= this.#feed.published()',
    mistake: 'this.#cursor >= this.#feed.published() - 1',
    caughtBy: property('subscriptions'),
  },
  {
    name: 'lets live subscribers miss what was in doubt and recorded after all',
    file: 'src/sinks/broadcast/broadcast.ts',
    text: 'next > this.#published + 1 ? this.#leaveAll() : this.#publish(batch)',
    mistake: 'this.#publish(batch)',
    caughtBy: property('simulation'),
  },
  {
    name: 'keeps lines of any length',
    file: 'src/sources/line-splitter.ts',
    text: 'if (length > this.#maxLineBytes + 1) {',
    mistake: 'if (length > this.#maxLineBytes * 1_000) {',
    caughtBy: property('framing'),
  },
  {
    name: 'takes in without a bound while the disk is slow',
    file: 'src/pipeline/backlog.ts',
    text: 'return this.#events >= this.#limits.maxEvents || this.#bytes >= this.#limits.maxBytes;',
    mistake: 'return false;',
    caughtBy: unit('backlog'),
  },
  {
    name: 'records a resent id again',
    file: 'src/sinks/sqlite/prepared-batch.ts',
    text: 'fields.push(null, draft.id, draft.source,',
    mistake: 'fields.push(null, null, draft.source,',
    caughtBy: integration('sqlite-log', 'records what was sent before once'),
  },
  {
    name: 'forgets the ids that are on their way into the table',
    file: 'src/sinks/sqlite/id-index.ts',
    text: 'const moving = this.#moving?.at(key) ?? [];',
    mistake: 'const moving: readonly Position[] = [];',
    caughtBy: property('id-index'),
  },
  {
    name: 'loses ids on their way from the small table into the large one',
    file: 'src/sinks/sqlite/near-ids.ts',
    text: 'this.#copy.run(moving, last ?? Number.MAX_SAFE_INTEGER);',
    mistake: 'this.#copy.run(moving, last ?? 0);',
    caughtBy: property('id-index'),
  },
  {
    name: 'does not read the newest ids from the log again',
    file: 'src/sinks/sqlite/id-index.ts',
    text: 'this.#nextToRead = through + 1;',
    mistake: 'this.#nextToRead = Number.MAX_SAFE_INTEGER;',
    caughtBy: property('id-index'),
  },
  {
    name: 'takes other content under a known id for the same',
    file: 'src/sinks/sqlite/log-writer.ts',
    text: '? -known.position : idConflict;',
    mistake: '? -known.position : -known.position;',
    caughtBy: property('log-model'),
  },
  {
    name: 'lets the order of times go back with the clock',
    file: 'src/sinks/sqlite/sqlite-log.ts',
    text: 'this.#lastReceivedAt = Math.max(this.#lastReceivedAt, (this.#options.clock ?? Date.now)());',
    mistake: 'this.#lastReceivedAt = (this.#options.clock ?? Date.now)();',
    caughtBy: integration('sqlite-log', 'never lets receivedAt go back'),
  },
  {
    name: 'answers in the order in which answers become known',
    file: 'src/sources/answer-queue.ts',
    text: 'this.#answers[ticket - this.#first] = text;',
    mistake: 'this.#answers[this.#answers.indexOf(undefined)] = text;',
    caughtBy: unit('answer-queue'),
  },
  {
    name: 'puts what an event says into the subject as it is',
    file: 'src/pipeline/alerting/subject-line.ts',
    text: 'cut(plain(text), maxLength - more.length)',
    mistake: 'cut(text, maxLength - more.length)',
    caughtBy: unit('subject-line'),
  },
  {
    name: 'gives each attempt a Message-ID of its own',
    file: 'src/sinks/email/mail.ts',
    text: 'messageId: messageId(origin, id),',
    mistake: 'messageId: messageId(origin, `${id}.${String(now)}`),',
    caughtBy: integration('mail-replies', 'has the same Message-ID each time'),
  },
  {
    name: 'tries again what the mail server has refused for good',
    file: 'src/sinks/email/verdict.ts',
    text: 'return isRefusal(facts) && isAboutMail(facts);',
    mistake: 'return false;',
    caughtBy: integration('mail-replies', '5xx'),
  },
  {
    name: 'sends mail in clear text when STARTTLS is not offered',
    file: 'src/sinks/email/mail-server.ts',
    text: "requireTLS: mode === 'required',",
    mistake: 'requireTLS: false,',
    caughtBy: integration('mail-tls'),
  },
  {
    name: 'lets pages of any origin in',
    file: 'src/server/boundary.ts',
    text: "if (origin === '' || origin === publicUrl?.origin || isSameOrigin(origin, host)) return;",
    mistake: 'if (origin.length >= 0) return;',
    caughtBy: unit('boundary'),
  },
  {
    name: 'answers to any Host (DNS rebinding)',
    file: 'src/server/boundary.ts',
    text: 'if (!isOwn(host)) {',
    mistake: 'if (!isOwn(host) && false) {',
    caughtBy: unit('boundary'),
  },
  {
    name: 'serves the cursor of another log',
    file: 'src/server/cursor.ts',
    text: 'if (epoch === undefined || epoch === log.epoch) return;',
    mistake: 'if (epoch === undefined || epoch.length >= 0) return;',
    caughtBy: integration('upgrade'),
  },
  {
    name: 'goes on after an event id of another log',
    file: 'src/server/read-routes.ts',
    text: 'if (epoch !== bounds.epoch) throw',
    mistake: 'if (epoch === undefined) throw',
    caughtBy: integration('streams', 'refuse an id of another log'),
  },
];
