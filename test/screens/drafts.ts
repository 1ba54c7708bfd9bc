import type { Sent } from '../../demo/office/office.ts';

/** What a device says now, by TCP unless said otherwise. */
export function said(
  draft: Partial<Sent['draft']> & { readonly message: string },
  channel: Sent['channel'] = 'tcp',
): Sent {
  return { channel, draft: { source: 'sw-core-1', severity: 'info', labels: {}, time: Date.now(), ...draft } };
}
