import { fill } from '../texts/phrase.ts';

/** A sentence of the texts with its values in bold, each kept from turning the direction of what is around it. */
export function Sentence({
  words,
  values,
}: {
  readonly words: string;
  readonly values: Readonly<Record<string, string>>;
}) {
  return (
    <>
      {fill(words, values).map(({ text, isValue }, index) =>
        isValue ? (
          <b key={index}>
            <bdi>{text}</bdi>
          </b>
        ) : (
          text
        ),
      )}
    </>
  );
}
