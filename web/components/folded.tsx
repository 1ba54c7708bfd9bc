import { useState } from 'preact/hooks';
import { texts } from '../texts/texts.ts';

interface FoldedProps {
  readonly text: string;
  /** How much is shown at first. */
  readonly characters: number;
  readonly lines: number;
}

/** A stranger's text, isolated from the direction of what stands around it; of a long one only the beginning until the
 *  reader asks for all of it. */
export function Folded({ text, characters, lines }: FoldedProps) {
  const [isOpen, setOpen] = useState(false);
  const start = beginningOf(text, characters, lines);
  const isLong = start.length < text.length;
  return (
    <>
      <bdi>{isOpen || !isLong ? text : `${start} …`}</bdi>
      {isLong && (
        <button type="button" class="fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? texts.detail.less : texts.detail.more}
        </button>
      )}
    </>
  );
}

/** Not cut for the sake of a few characters. */
const slack = 1.25;

function beginningOf(text: string, characters: number, lines: number): string {
  const firstLines = text.split('\n', lines).join('\n');
  const start = firstLines.length > characters * slack ? firstLines.slice(0, characters) : firstLines;
  // Half of a pair of surrogates is no character.
  return /[\uD800-\uDBFF]$/.test(start) ? start.slice(0, -1) : start;
}
