import { Command } from 'commander';
import { reportFailure } from './cli/failure.ts';
import { version } from './version.ts';

interface Verb {
  readonly summary: string;
  /** Each is loaded only when it is used, so that `send` starts without what `serve` needs. */
  readonly load: () => Promise<Command>;
}

const verbs: Readonly<Record<string, Verb>> = {
  serve: { summary: 'run the hub', load: async () => (await import('./cli/serve.ts')).serveCommand() },
  send: {
    summary: 'send an event, or one for every line of standard input',
    load: async () => (await import('./cli/send.ts')).sendCommand(),
  },
  tail: { summary: 'show events as they come', load: async () => (await import('./cli/tail.ts')).tailCommand() },
  query: {
    summary: 'search what has been recorded',
    load: async () => (await import('./cli/query.ts')).queryCommand(),
  },
  verify: {
    summary: 'check that the log is as it was written',
    load: async () => (await import('./cli/verify.ts')).verifyCommand(),
  },
  replay: {
    summary: 'read history, or send it to another hub',
    load: async () => (await import('./cli/replay.ts')).replayCommand(),
  },
  export: {
    summary: 'write records as lines of JSON',
    load: async () => (await import('./cli/export.ts')).exportCommand(),
  },
  import: {
    summary: 'record the events of another log',
    load: async () => (await import('./cli/import.ts')).importCommand(),
  },
  backup: {
    summary: 'copy the log to a file, while the hub goes on',
    load: async () => (await import('./cli/backup.ts')).backupCommand(),
  },
  restore: {
    summary: 'make a backup the log',
    load: async () => (await import('./cli/restore.ts')).restoreCommand(),
  },
  redact: {
    summary: 'blank the content of one event, for good',
    load: async () => (await import('./cli/redact.ts')).redactCommand(),
  },
  certificate: {
    summary: 'make a self-signed certificate for development',
    load: async () => (await import('./cli/certificate.ts')).certificateCommand(),
  },
  token: {
    summary: 'make and revoke what lets people and programs in',
    load: async () => (await import('./cli/token.ts')).tokenCommand(),
  },
  'test-email': {
    summary: 'send a test mail, and show what the mail server answers',
    load: async () => (await import('./cli/test-email.ts')).testEmailCommand(),
  },
};

/** Runs the verb that the arguments name. The verb itself sets the exit code when it is not 0. */
async function main(words: readonly string[]): Promise<void> {
  const program = new Command('alert-hub')
    .description('records events, shows them live, mails the serious ones, replays all of them')
    .version(version)
    .usage('<verb> [options]')
    .showHelpAfterError('(see "alert-hub --help")')
    .exitOverride();
  const wanted = words[0] === 'help' ? words[1] : words[0];
  for (const [name, verb] of Object.entries(verbs)) {
    const command = name === wanted ? await verb.load() : new Command(name);
    command.copyInheritedSettings(program).summary(verb.summary).showHelpAfterError(`(see "alert-hub ${name} --help")`);
    for (const part of command.commands) part.copyInheritedSettings(command);
    program.addCommand(command);
  }
  await program.parseAsync(words, { from: 'user' });
}

// What the hub and its commands write is for the user they run as.
process.umask(0o077);

// Who reads it may go early, as `| head` does; commands that have much to say notice it themselves.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = reportFailure(error, process.argv[2]);
}
