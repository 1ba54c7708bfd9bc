import { styleText } from 'node:util';
import type { Severity } from '../pipeline/event.ts';
import type { RecordValue } from '../pipeline/record.ts';
import { plainJson, plainText } from './plain-text.ts';

/** Told apart by their shape as well, by people who cannot see red from green. */
const glyphs: Readonly<Record<Severity, string>> = { info: '○', warning: '▲', error: '■', critical: '◆' };

type Style = Parameters<typeof styleText>[0];
/** Critical alone is filled. */
const styles: Readonly<Record<Severity, Style>> = {
  info: 'blue',
  warning: 'yellow',
  error: 'red',
  critical: ['bold', 'white', 'bgRed'],
};

export interface Look {
  readonly isColoured: boolean;
  /** Milliseconds since 1970: times of another day are written with their date. */
  readonly now: number;
}

/** Whether a terminal is to be written to in colour. Node reads NO_COLOR, FORCE_COLOR and TERM for it. */
export function isColoured(stream: { readonly isTTY?: boolean; hasColors?(): boolean }): boolean {
  return stream.isTTY === true && stream.hasColors?.() === true;
}

function paint(style: Style, text: string, look: Pick<Look, 'isColoured'>): string {
  return look.isColoured ? styleText(style, text, { validateStream: false }) : text;
}

/** A severity's glyph. */
export function glyphOf(severity: Severity, look: Pick<Look, 'isColoured'>): string {
  return paint(styles[severity], glyphs[severity], look);
}

/** A record as one line for people: when, how serious, where, and what. */
export function recordLine(record: RecordValue, look: Look): string {
  const time = paint('dim', localTime(record.time, look.now), look);
  if (record.type !== 'event') {
    return `${time} · ${plainText(record.type)} ${detailsOf(record)}`;
  }
  const { severity, source, key, status, message } = record;
  const about = key === source ? '' : ` ${paint('dim', `[${plainText(key)}]`, look)}`;
  const resolved = status === 'resolved' ? ` ${paint('green', 'resolved', look)}` : '';
  const text = plainText(message);
  return `${time} ${glyphOf(severity, look)} ${paint('bold', plainText(source), look)}${about}${resolved} ${text}`;
}

/** A decision as JSON, without what is shown beside it. */
export function detailsOf(decision: object): string {
  const beside = new Set(['type', 'time', 'receivedAt']);
  return plainJson(Object.fromEntries(Object.entries(decision).filter(([name]) => !beside.has(name))));
}

/** In the reader's zone: `10:42:07`, with the date when that is not today's. */
export function localTime(rfc3339: string, now: number): string {
  const at = new Date(rfc3339);
  if (Number.isNaN(at.getTime())) return plainText(rfc3339);
  const clock = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits).join(':');
  const date = dateOf(at);
  return date === dateOf(new Date(now)) ? clock : `${date} ${clock}`;
}

function dateOf(at: Date): string {
  return `${String(at.getFullYear()).padStart(4, '0')}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
