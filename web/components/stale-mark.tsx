import { feed } from '../state/page.ts';
import { clockText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';

/** Says since when the rows may be old. */
export function StaleMark() {
  const lostAt = feed.connection.lostAt.value;
  return lostAt === null ? null : <p class="as-of">{texts.connection.asOf(clockText(lostAt))}</p>;
}
