import type { Row } from './row.ts';

/** Why a goal is missed: where the time goes by the profiles in `bench/profiles`, and what would have to change. By how the
 *  scenario's name begins. */
const reasons: readonly (readonly [string, string])[] = [];

/** The missed goals of the rows, each scenario once, with the reason that is known. */
export function missedGoals(rows: readonly Row[]): string {
  const missed = rows.filter((row) => row.pairs.length > 0 && row.goals.some((goal) => !goal.isMet(row)));
  const scenarios = [...new Set(missed.map(({ scenario }) => scenario))];
  const lines = scenarios.map((scenario) => `- **${scenario}**: ${reasonOf(scenario)}`);
  return lines.length === 0 ? 'None.' : lines.join('\n');
}

function reasonOf(scenario: string): string {
  return reasons.find(([start]) => scenario.startsWith(start))?.[1] ?? 'not looked into yet.';
}
