import { Command, Option } from 'commander';
import { TokenClient } from '../client/tokens.ts';
import { roles, type Role } from '../pipeline/access.ts';
import type { NewToken, TokenRequest } from '../pipeline/access-desks.ts';
import { RefusedError } from '../pipeline/codes.ts';
import { parseSpan } from '../pipeline/span.ts';
import { readTokenRequest } from '../pipeline/token-request.ts';
import { placeOfLog } from './data-dir.ts';
import { addHubOptions, httpEndpoint, type HubOptions } from './hub-options.ts';
import { plainJson, plainText } from './plain-text.ts';
import type { TokenPlace } from './tokens-in-directory.ts';
import { tokenTable } from './token-table.ts';
import { optionParser, UsageError } from './usage-error.ts';

interface TokenOptions extends HubOptions {
  readonly json?: true;
}

interface CreateOptions extends TokenOptions {
  readonly role: Role;
  readonly name?: string;
  readonly source?: readonly string[];
  readonly expires?: string;
}

const examples = `
Examples:
  alert-hub token create --role ingest --name sensors --source sensor_01 --source sensor_02
  alert-hub token create --role read --name wall --expires 90d > wall.token
  alert-hub token rotate 1a2b3c4d --overlap 1h
  alert-hub token revoke 1a2b3c4d

The token itself is all that create and rotate print on standard output. Nobody can be shown it again: the hub keeps a
hash of it. Once there is one, everyone needs one, on this machine too; the commands of
this machine find one of their own in the data directory while the hub runs.
`;

export function tokenCommand(): Command {
  const command = new Command('token')
    .description('make, list, replace and revoke the tokens that let people and programs in')
    .addHelpText('after', examples);
  addCreate(command);
  addList(command);
  addRotate(command);
  addRevoke(command);
  return command;
}

function addCreate(parent: Command): void {
  const role = new Option('--role <role>', 'ingest sends events, read reads them, admin may do all').choices(roles);
  const command = new Command('create')
    .description('make a token, and print it')
    .addOption(role.makeOptionMandatory())
    .option('--name <name>', 'whom or what it is for (default: the role)')
    .option('--source <source>', 'a source that it may send as; may be given again (default: any)', collect)
    .option('--expires <when>', 'a span such as 30d, or RFC 3339 (default: never)');
  addTo(parent, command).action(async (options: CreateOptions) => {
    const request = readRequest(options);
    const made = await (await placeOf(options)).create(request);
    show(made, `made the ${made.role} token ${made.id}, ${made.name}`, options);
  });
}

function addList(parent: Command): void {
  const command = new Command('list').description('show the tokens, without their secrets');
  addTo(parent, command).action(async (options: TokenOptions) => {
    const tokens = await (await placeOf(options)).list();
    process.stdout.write(`${options.json === true ? plainJson(tokens) : tokenTable(tokens, Date.now())}\n`);
  });
}

function addRotate(parent: Command): void {
  const overlap = optionParser(parseSpan, 'must be a span such as 1h');
  const command = new Command('rotate')
    .description('make a new token in place of one, and print it')
    .argument('<id>', 'of the one that is replaced')
    .option('--overlap <span>', 'how long that one goes on (default: it ends at once)', overlap);
  addTo(parent, command).action(async (id: string, options: TokenOptions & { readonly overlap?: number }) => {
    const made = await (await placeOf(options)).rotate(id, options.overlap ?? 0);
    const until = options.overlap === undefined ? '' : `, which goes on until ${made.replaces.expires ?? ''}`;
    show(made, `made the ${made.role} token ${made.id}, ${made.name}, in place of ${id}${until}`, options);
  });
}

function addRevoke(parent: Command): void {
  const command = new Command('revoke')
    .description('end a token, and what is open by it')
    .argument('<id>', 'as list shows it');
  addTo(parent, command).action(async (id: string, options: TokenOptions) => {
    const revoked = await (await placeOf(options)).revoke(id);
    const words = `revoked the ${revoked.role} token ${revoked.id}, ${revoked.name}`;
    process.stdout.write(`${options.json === true ? plainJson(revoked) : plainText(words)}\n`);
  });
}

function addTo(parent: Command, command: Command): Command {
  parent.addCommand(command);
  return addHubOptions(command.option('--json', 'print the result as JSON'));
}

async function placeOf(options: HubOptions): Promise<TokenPlace> {
  const place = await placeOfLog(options);
  if ('hub' in place) return new TokenClient(httpEndpoint(place.hub));
  const { tokensInDirectory } = await import('./tokens-in-directory.ts');
  return tokensInDirectory(place.dataDir);
}

function readRequest({ role, name, source, expires }: CreateOptions): TokenRequest {
  try {
    const fields = { role, name: name ?? null, sources: source ?? null, expires: expires ?? null };
    return readTokenRequest(fields, Date.now());
  } catch (error) {
    throw error instanceof RefusedError ? new UsageError(error.message) : error;
  }
}

function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

/** The secret alone goes to standard output, where a file or a pipe may take it. */
function show(made: NewToken, words: string, { json }: TokenOptions): void {
  if (json === true) {
    process.stdout.write(`${plainJson(made)}\n`);
    return;
  }
  process.stderr.write(`${plainText(words)}; it is shown this once\n`);
  process.stdout.write(`${made.token}\n`);
}
