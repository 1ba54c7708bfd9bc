import type { Row } from './row.ts';

/** Why a goal is missed: where the time goes by the profiles in `bench/profiles`, and what would have to change. By how the
 *  scenario's name begins. */
const reasons: readonly (readonly [string, string])[] = [
  [
    'TCP, 16 connections, window 256',
    `both processors are busy. Of the hub's own thread (7 µs an event) a fifth is garbage collection, a fifth writes the
     record's JSON, an eighth parses the draft's, a tenth copies the batch to the writer's thread; that one takes 7 µs, half
     of it the insert and a sixth the commit; V8's own threads, which collect and compile, take 4, and the load 2. The ceiling's
     one thread takes 5 and shares with nobody. Redis reads no JSON, looks for no id and keeps no row, but appends the
     command's bytes to a file, in C. To come nearer, a record's text would have to be cut out of the draft's bytes instead of
     being written from objects, and be handed to the writer as bytes.`,
  ],
  [
    'TCP, one event under way on one connection',
    `beside the fsync stand two messages from thread to thread, each of which wakes a thread that sleeps (50 to 100 µs
     where that processor sleeps too), and the two pages of 8 KiB that a commit writes: 0.2 ms in the writer's thread, of
     which a bare write and fsync of as much is 0.05. The slowest in a hundred are those that share a processor with
     the collector or with SQLite's checkpoint. Without the second thread an fsync would stop every socket.`,
  ],
  [
    'TCP, one event under way on each of 64 connections',
    `half of the writer's time is the commit, made for about thirty events at a time, and a third of the hub's own the
     64 writes of answers, one system call each; each event waits for the batch before its own and for its own. Redis answers
     from the thread that writes. What would have to change: answers and reads of all sockets in one call (io_uring), which
     Node does not offer.`,
  ],
  [
    'HTTP, 64 connections, one event a POST',
    `a third of the hub's own thread is the answer (the system's write, and the security headers before it), a ninth wakes
     the writer; parsing, checking and writing the event are a fifth. The ceiling syncs nothing and answers in the call
     that brought the request, so that it wakes nobody and gathers no answers. Half of the rest is the commit for
     thirty events, as over TCP.`,
  ],
  [
    'TCP in, WebSocket out, 1,000 events/s, while',
    `the threads that read history give way to the others, but a processor that both want is taken from them only when
     the system looks again, some milliseconds later, and two of two processors are wanted. What would have to change: a third
     processor, or history that is sent in smaller parts, at the cost of its readers.`,
  ],
  [
    'TCP in, WebSocket out, 1,000 events/s',
    `the event passes four threads and processes on two processors; what is above the fsync is their wake-ups, as with one
     event under way on one connection.`,
  ],
  [
    'NDJSON export',
    `the hub's reader checks each record against its checksum and hands its pages from thread to thread, which the ceiling's one
     process does not.`,
  ],
  [
    '1,000 WebSocket subscribers',
    `besides what the ceiling does, the hub receives, records and syncs each event before it publishes it: some 2 ms, which stand in the figure; the sending itself is the same.`,
  ],
];

const grown = /events in the log$/;
const grownReason = `right after its start a hub looks through the whole log behind its own back, a tenth of the time and at the
  lowest priority there is; and where the table of ids is larger than the writer's cache, looking for an id that a producer
  gave reads a page of it from the system, 6 µs, and the ids that are brought over read and write one for every thirty or so.
  What would have to change: a filter in memory of what the table holds, a byte or more an event, made anew at each start, and
  a third table between the small one and the large one.`;

/** The missed goals of the rows, each scenario once, with the reason that is known. */
export function missedGoals(rows: readonly Row[]): string {
  const missed = rows.filter((row) => row.pairs.length > 0 && row.goals.some((goal) => !goal.isMet(row)));
  const scenarios = [...new Set(missed.map(({ scenario }) => scenario))];
  const lines = scenarios.map((scenario) => `- **${scenario}**: ${reasonOf(scenario)}`);
  return lines.length === 0 ? 'None.' : lines.join('\n');
}

function reasonOf(scenario: string): string {
  const text = grown.test(scenario) ? grownReason : reasons.find(([start]) => scenario.startsWith(start))?.[1];
  return text?.replaceAll(/\s+/g, ' ') ?? 'not looked into yet.';
}
