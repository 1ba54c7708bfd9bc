import { describe, expect, it } from 'vitest';
import { subjectLine } from '../../src/pipeline/alerting/subject-line.ts';

const about = (message: string, count = 1) =>
  subjectLine({ count, headline: { position: 1, source: 'sensor_01', severity: 'critical', message } });

describe('the subject of a mail', () => {
  it('says how serious, who and what, and how many more', () => {
    expect(about('hot')).toBe('[CRITICAL] sensor_01: hot');
    expect(about('hot', 13)).toBe('[CRITICAL] sensor_01: hot (+12)');
  });

  it('is cut at a word, with the count still there', () => {
    const subject = about('word '.repeat(100), 13);
    expect(subject.length).toBeLessThanOrEqual(120);
    expect(subject).toMatch(/ word… \(\+12\)$/);
  });

  it.each(['a\r\nBcc: b@c', 'a\u2028b', 'a\u0000b', 'a\u202eb'])('is one line of plain characters: %j', (message) => {
    expect(about(message)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  });

  it('never ends within a character', () => {
    expect(about('🔥'.repeat(200)).isWellFormed()).toBe(true);
  });
});
