import os from 'node:os';
import { HubAccess } from '../access/access.ts';
import { hasTokens } from '../access/tokens.ts';
import type { NewToken, RotatedToken, TokenDesk, TokenInfo, TokenRequest } from '../pipeline/access-desks.ts';
import { hasLog } from '../sinks/sqlite/log-file.ts';
import { settleRestore } from '../sinks/sqlite/restored-file.ts';
import { openSqliteLog } from '../sinks/sqlite/sqlite-log.ts';
import { appendAll } from './append-all.ts';

/** Where tokens are made and revoked: the running hub, or a directory that none holds. */
export interface TokenPlace {
  list(): Promise<readonly TokenInfo[]>;
  create(request: TokenRequest): Promise<NewToken>;
  rotate(id: string, overlapMs: number): Promise<RotatedToken>;
  revoke(id: string): Promise<TokenInfo>;
}

/** The tokens of a data directory that no hub holds. The first one may be made before the hub has ever run there. */
export function tokensInDirectory(dataDir: string): TokenPlace {
  const by = `${os.userInfo().username}, by command`;
  const existing = <Result>(use: (desk: TokenDesk) => Promise<Result>) => {
    settleRestore(dataDir);
    if (!hasLog(dataDir) && !hasTokens(dataDir)) {
      throw new Error(`there is no log in ${dataDir}, and no hub is running on it`);
    }
    return withDesk(dataDir, use);
  };
  return {
    list: async () => existing((desk) => Promise.resolve(desk.list())),
    create: (request) => withDesk(dataDir, (desk) => desk.create(request, by)),
    rotate: async (id, overlapMs) => existing((desk) => desk.rotate(id, overlapMs, by)),
    revoke: async (id) => existing((desk) => desk.revoke(id, by)),
  };
}

/** The open log keeps a hub from starting meanwhile. */
async function withDesk<Result>(dataDir: string, use: (desk: TokenDesk) => Promise<Result>): Promise<Result> {
  const log = await openSqliteLog({ dataDir, readers: 1 });
  try {
    const access = await HubAccess.open({
      dataDir,
      clock: Date.now,
      record: (decision) => appendAll(log, [{ decision }]),
      reportFailure: () => undefined,
      warn: () => undefined,
    });
    const result = await use(access.tokens);
    await access.close();
    return result;
  } finally {
    await log.close();
  }
}
