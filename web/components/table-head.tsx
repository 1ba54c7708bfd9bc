import { zoneText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';

const zone = zoneText();

/** Names the columns and the reader's zone, once for all times. */
export function TableHead() {
  return (
    <div role="rowgroup" class="head">
      <div role="row" class="row" aria-rowindex={1}>
        <span role="columnheader">{texts.table.time(zone)}</span>
        <span role="columnheader">
          <span class="unseen">{texts.table.severity}</span>
        </span>
        <span role="columnheader">{texts.table.source}</span>
        <span role="columnheader">{texts.table.channel}</span>
        <span role="columnheader">{texts.table.message}</span>
        <span role="columnheader" class="key">
          {texts.table.key}
        </span>
      </div>
    </div>
  );
}
