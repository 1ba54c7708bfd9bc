import { EOL } from 'node:os';
import { Command } from 'commander';
import { ConfigError, loadConfig, settingPaths, type Config } from '../config/config.ts';
import { flagName, mayBeFlag } from '../config/layers.ts';
import { createHub, type Hub } from '../hub.ts';
import { createLogger } from '../logger.ts';
import { plainText } from './plain-text.ts';

/** The contract's 10 s less what the process itself takes to end. */
const stopWithinMs = 9_500;

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('run the hub: take events over TCP, HTTP and WebSocket, keep them, and serve the dashboard')
    .option('--config <file>', 'settings as YAML')
    .addHelpText('after', '\nExample:\n  alert-hub serve --data-dir /var/lib/alert-hub --http-port 8080\n');
  for (const path of settingPaths.filter(mayBeFlag)) {
    command.option(`${flagName(path)} <value>`, `setting ${path.join('.')}`);
  }
  return command.action(async (options: Readonly<Record<string, string | undefined>>) => {
    process.exitCode = await serve(options);
  });
}

async function serve(options: Readonly<Record<string, string | undefined>>): Promise<number> {
  let config: Config;
  const warnings: string[] = [];
  try {
    const input = { flags: flagsByPath(options), env: process.env, file: options['config'] };
    config = loadConfig(input, (warning) => warnings.push(warning));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message.split(EOL).map(plainText).join('\n')}\n`);
    return 2;
  }
  const logger = createLogger(config.log);
  for (const warning of warnings) logger.warn(warning);
  try {
    const hub = await createHub(config, logger);
    reloadAtHangUp(hub);
    const failure = await Promise.race([stopSignal(), hub.failed.catch((error: unknown) => error as Error)]);
    if (failure === undefined) logger.info('stopping: no new input; what was received is committed and answered');
    else logger.fatal(failure.message);
    return await stopInTime(hub, failure === undefined ? 0 : 1);
  } catch (error) {
    logger.fatal((error as Error).message);
    // What had been opened must not keep a hub alive that serves nobody, with the directory's lock.
    setImmediate(() => process.exit(1));
    return 1;
  }
}

/** Commander gives `--http-port` as `httpPort`. */
function flagsByPath(options: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const nameOf = (path: readonly string[]) =>
    path.map((name, index) => (index === 0 ? name : name.charAt(0).toUpperCase() + name.slice(1))).join('');
  return Object.fromEntries(settingPaths.map((path) => [path.join('.'), options[nameOf(path)]]));
}

/** Resolves at the first SIGTERM or SIGINT; the second one ends the process at once. */
function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let isStopping = false;
    const onSignal = () => {
      if (isStopping) process.exit(1);
      isStopping = true;
      resolve(undefined);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

/** SIGHUP tells a service to reload; on a terminal it tells that the window is closed, and the hub ends as any program. */
function reloadAtHangUp(hub: Hub): void {
  if (process.stdin.isTTY) return;
  process.on('SIGHUP', () => {
    hub.reload();
  });
}

async function stopInTime(hub: Hub, exitCode: number): Promise<number> {
  setTimeout(() => process.exit(1), stopWithinMs).unref();
  await hub.stop();
  // A worker's handle or a client's socket must not keep a stopped hub alive.
  setImmediate(() => process.exit(exitCode));
  return exitCode;
}
