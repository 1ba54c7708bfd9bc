import { expect } from 'vitest';

interface Counts {
  readonly info: number;
  readonly warning: number;
  readonly error: number;
  readonly critical: number;
}

export interface Stats {
  readonly epoch: string;
  readonly head: number;
  readonly first: number;
  readonly total: number;
  readonly bySeverity: Counts;
  readonly byChannel: Readonly<Record<string, number>>;
  readonly bySource: readonly { readonly source: string; readonly count: number }[];
  readonly perMinute: readonly ({ readonly time: string } & Counts)[];
  readonly subscribers: number;
}

export interface Histogram {
  readonly from: string;
  readonly to: string;
  readonly buckets: readonly ({ readonly time: string } & Counts)[];
}

export type Draft = Readonly<Record<string, unknown>>;

export const noEvents: Counts = { info: 0, warning: 0, error: 0, critical: 0 };
export const hour = '2026-03-01T10:00:00.000Z';

/** `seconds` after `hour`. */
export function at(seconds: number): string {
  return new Date(Date.parse(hour) + seconds * 1000).toISOString();
}

export async function send(hub: { readonly http: string }, drafts: readonly Draft[]): Promise<void> {
  const answer = await fetch(`${hub.http}/api/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(drafts),
  });
  expect(answer.status).toBe(200);
}

export async function get<T>(hub: { readonly http: string }, path: string): Promise<T> {
  const answer = await fetch(hub.http + path);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as T;
}

export async function refusal(
  hub: { readonly http: string },
  path: string,
): Promise<readonly [number, string, string]> {
  const answer = await fetch(hub.http + path);
  const { code, error } = (await answer.json()) as { code: string; error: string };
  return [answer.status, code, error];
}
