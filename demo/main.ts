import { parseArgs } from 'node:util';
import { startDemo, type Demo } from './demo.ts';

const usage = `npm run demo -- [--port PORT] [--fast]
  --port  of the dashboard; 0 takes free ports for all (default: 8080, or a free one when it is taken)
  --fast  twenty seconds of the office in one`;

function readArguments() {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, fast: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port <= 65_535)) {
    throw new Error(`--port: must be a port from 0 to 65535; got ${String(values.port)}`);
  }
  return { port, speed: values.fast ? 20 : 1, help: values.help === true };
}

/** Resolves at the first SIGINT or SIGTERM; the second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const onSignal = () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

function greeting({ dashboard, tcp, mails }: Demo): string {
  return [
    `Dashboard  ${dashboard}`,
    `Mails      ${mails}  (caught here: none leaves this machine)`,
    `Try        wait for the outage in 15 seconds; search for severity>=error label.rack:b; send to ${tcp}; Ctrl-C ends it`,
    '',
  ].join('\n');
}

async function run(options: { readonly port: number | undefined; readonly speed: number }): Promise<void> {
  // From the beginning, so that a demo that is still starting is stopped in good order too.
  const stopped = stopSignal();
  const demo = await startDemo(options);
  process.stdout.write(greeting(demo));
  try {
    await Promise.race([stopped, demo.failed]);
  } finally {
    await demo.stop();
  }
}

async function main(): Promise<number> {
  let given: ReturnType<typeof readArguments>;
  try {
    given = readArguments();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}\n`);
    return 2;
  }
  if (given.help) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  try {
    await run(given);
    return 0;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  }
}

// A worker's handle or a browser's socket must not keep it alive.
process.exit(await main());
