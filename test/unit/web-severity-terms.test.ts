import { describe, expect, it } from 'vitest';
import { isNarrowedTo, toggleSeverity } from '../../web/query/severity-terms.ts';

describe('toggling a severity', () => {
  it('narrows to it, instead of to what was asked for before', () => {
    expect(toggleSeverity('', 'critical')).toBe('severity:critical');
    expect(toggleSeverity('severity>=warning -severity:info NOT severity:error a', 'error')).toBe('a severity:error');
    expect(toggleSeverity('a OR b', 'error')).toBe('(a OR b) severity:error');
  });

  it('asks for all again the second time', () => {
    expect(toggleSeverity('a severity:error', 'error')).toBe('a');
  });

  it('can tell whether it is narrowed', () => {
    expect(isNarrowedTo('a severity:error', 'error')).toBe(true);
    expect(isNarrowedTo('a severity>=error', 'error')).toBe(false);
    expect(isNarrowedTo('severity:error OR a', 'error')).toBe(false);
  });
});
