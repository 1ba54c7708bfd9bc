import os from 'node:os';
import { Command } from 'commander';
import { HubError } from '../client/hub-error.ts';
import { requestTestMail, type TestMailAnswer } from '../client/test-mail.ts';
import { isAddress } from '../pipeline/alerting/address.ts';
import { addHubOptions, httpEndpoint, hubLocator, type HubOptions } from './hub-options.ts';
import { plainJson, plainText } from './plain-text.ts';
import { optionParser, UsageError } from './usage-error.ts';

interface TestEmailOptions extends HubOptions {
  readonly config?: string;
  readonly json?: true;
}

interface Result extends TestMailAnswer {
  /** Whose settings were tried: a hub's URL, or null for those of this shell. */
  readonly hub: string | null;
}

const help = `
The running hub sends it, with its own settings. Where none runs, or with --config, it is sent with the settings of this shell
(HUB_SMTP_URL and the others) and of the file.

Examples:
  alert-hub test-email me@example.com
  alert-hub test-email me@example.com --config hub.yaml
`;

export function testEmailCommand(): Command {
  const address = optionParser(
    (text) => (isAddress(text) ? text : undefined),
    'must be an address such as me@example.com',
  );
  const command = new Command('test-email')
    .description('send a test mail, and show what the mail server answers')
    .argument('<address>', 'to whom', address)
    .option('--config <file>', 'try the settings of this file instead of those of the running hub')
    .option('--json', 'print the result as JSON');
  return addHubOptions(command)
    .addHelpText('after', help)
    .action(async (to: string, options: TestEmailOptions) => {
      const result = await testEmail(to, options);
      process.stdout.write(`${options.json === true ? plainJson({ ...result, to }) : inWords(result, to)}\n`);
      if (!result.ok) process.exitCode = 1;
    });
}

async function testEmail(to: string, options: TestEmailOptions): Promise<Result> {
  if (options.config !== undefined) return byTheseSettings(to, options.config);
  const locator = hubLocator({ ...options, env: process.env });
  const { http, by } = locator();
  try {
    return { ...(await requestTestMail(httpEndpoint(locator), to)), hub: http };
  } catch (error) {
    // A hub that somebody named is the one to ask.
    if (by !== 'default' || error instanceof HubError) throw error;
    return byTheseSettings(to, undefined);
  }
}

async function byTheseSettings(to: string, file: string | undefined): Promise<Result> {
  const [{ ConfigError, loadConfig }, { sendTestMail }] = await Promise.all([
    import('../config/config.ts'),
    import('../sinks/email/test-mail.ts'),
  ]);
  try {
    const { email } = loadConfig({ flags: {}, env: process.env, file });
    return { ...(await sendTestMail(email, to, Date.now())), hub: null };
  } catch (error) {
    throw error instanceof ConfigError ? new UsageError(error.message.split(os.EOL).join('; ')) : error;
  }
}

function inWords({ ok, reply, hub }: Result, to: string): string {
  const by = hub === null ? 'with the settings of this shell; no hub was asked' : `by the hub at ${hub}`;
  const outcome = ok ? `the mail server took a mail to ${to}` : `no mail to ${to} went out`;
  return plainText(`${outcome} (${by}): ${reply}`);
}
