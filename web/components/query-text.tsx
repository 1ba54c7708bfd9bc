import { piecesOf } from '../query/terms.ts';

/** A query with its parts told apart; the character at `wrongAt` (from 0) and the rest of its word are underlined. */
export function QueryText({ query, wrongAt }: { readonly query: string; readonly wrongAt?: number | undefined }) {
  let at = 0;
  return (
    <>
      {piecesOf(query).map(({ kind, text }, index) => {
        const isWrong = wrongAt !== undefined && wrongAt >= at && wrongAt < at + text.length;
        at += text.length;
        return (
          <span key={index} class={`query-${kind}${isWrong ? ' query-wrong' : ''}`}>
            {text}
          </span>
        );
      })}
    </>
  );
}
