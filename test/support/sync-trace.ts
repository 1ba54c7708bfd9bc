import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One finished system call, in the order in which they finished. */
export interface Call {
  readonly name: string;
  readonly args: string;
  readonly result: number;
  /** Place of the line in which it began and in which it ended. */
  readonly began: number;
  readonly ended: number;
}

/** The command line that records what is written to the log and to sockets, with the data, into `file`. The tracer is not
 *  the parent, so that signals reach the program; when the program has ended, `isComplete` tells when the file has. */
export function straceCommand(file: string): readonly string[] {
  const calls = 'trace=openat,unlink,ftruncate,pwrite64,pwritev,write,writev,sendto,sendmsg,fsync,fdatasync';
  return [
    'strace',
    '--daemonize',
    '--follow-forks',
    '--decode-fds=path',
    '--string-limit=70000',
    '-q',
    '-e',
    calls,
    '-o',
    file,
  ];
}

/** Whether strace is here and may trace. */
export async function canTrace(): Promise<boolean> {
  try {
    await promisify(execFile)('strace', ['-o', '/dev/null', 'true']);
    return true;
  } catch {
    return false;
  }
}

export function isComplete(trace: string, pid: number): boolean {
  // strace pads short pids.
  return new RegExp(`^${String(pid)}\\s+\\+\\+\\+ exited`, 'm').test(trace);
}

/** The ids, of those given, that were acknowledged without having been written to the log's WAL and synced before. */
export function acknowledgedUnsynced(trace: string, ids: readonly string[]): readonly string[] {
  const calls = parseTrace(trace);
  const wal = calls.filter((call) => /^\d+<[^>]*hub\.db-wal>/.test(call.args) && call.result >= 0);
  const writes = wal.filter(({ name }) => name.startsWith('pwrite'));
  const syncs = wal.filter(({ name }) => name === 'fsync' || name === 'fdatasync');
  const answers = calls.filter(({ args }) => args.includes(String.raw`\"ok\":true`) && !args.includes('hub.db'));
  return ids.filter((id) => {
    const answer = answers.find(({ args }) => args.includes(id));
    const write = writes.find(({ args }) => args.includes(id));
    if (answer === undefined || write === undefined) return true;
    return !syncs.some((sync) => sync.began > write.ended && sync.ended < answer.began);
  });
}

/** Every call, with the two halves of those joined that strace printed as unfinished and resumed. */
export function parseTrace(trace: string): readonly Call[] {
  const open = new Map<string, { text: string; began: number }>();
  const calls: Call[] = [];
  trace.split('\n').forEach((line, place) => {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest);
    if (unfinished?.[1] !== undefined) {
      open.set(thread, { text: unfinished[1], began: place });
      return;
    }
    const call = finishedCall(rest, place, open.get(thread));
    if (call !== undefined) calls.push(call);
  });
  return calls;
}

function finishedCall(text: string, place: number, open?: { text: string; began: number }): Call | undefined {
  const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1];
  if (resumed === undefined) return callIn(text, place, place);
  return open === undefined ? undefined : callIn(open.text + resumed, open.began, place);
}

function callIn(text: string, began: number, ended: number): Call | undefined {
  const [, name, args, result] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(text) ?? [];
  if (name === undefined || args === undefined) return undefined;
  return { name, args, result: Number(result), began, ended };
}
