import { describe, expect, it } from 'vitest';
import { createAccessLog } from '../../src/access/access-log.ts';
import { waitFor } from '../support/deadline.ts';

const decision = { type: 'token.revoked', id: '1a2b3c4d', by: 'me', reason: 'lost' } as const;

describe('the record of a change of tokens', () => {
  it('gets into the log later when the log cannot take it now, and holds up nobody', async () => {
    const taken: unknown[] = [];
    const failures: string[] = [];
    const log = {
      isEnded: false,
      isFull: true,
      append: async (items: readonly unknown[]) => {
        if (log.isFull) throw new Error('no room');
        taken.push(...items);
      },
    };
    await createAccessLog(log, (error) => failures.push(String(error)))(decision);
    expect(taken).toEqual([]);
    log.isFull = false;
    await waitFor(() => taken.length > 0, { what: 'the record' });
    expect(taken).toEqual([{ decision }]);
    expect(failures).toContain('Error: no room');
  });
});
