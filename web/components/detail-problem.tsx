import type { Content } from '../state/detail.ts';
import { detail } from '../state/page.ts';
import { numberText } from '../texts/formats.ts';
import { texts } from '../texts/texts.ts';

interface DetailProblemProps {
  readonly position: number;
  readonly content: Extract<Content, { kind: 'failed' | 'decision' }>;
}

/** Why there is no event to read at this position. */
export function DetailProblem({ position, content }: DetailProblemProps) {
  const { title, text } = wordsFor(numberText(position), content);
  return (
    <div class="problem" role="status">
      <h2>{title}</h2>
      <p>{text}</p>
      {content.kind === 'failed' && content.code !== 'gone' && (
        <button type="button" class="button" onClick={() => detail.retry()}>
          {texts.detail.again}
        </button>
      )}
    </div>
  );
}

function wordsFor(
  position: string,
  content: DetailProblemProps['content'],
): Readonly<Record<'title' | 'text', string>> {
  const words = texts.detail;
  if (content.kind === 'decision') return { title: words.decisionTitle, text: words.decision(position, content.type) };
  switch (content.code) {
    case 'not_found':
      return { title: words.notFoundTitle, text: words.notFound(position) };
    case 'gone':
      return { title: words.goneTitle, text: words.gone(position) };
    case 'unreachable':
      return { title: words.failedTitle, text: words.unreachable };
    default:
      return { title: words.failedTitle, text: words.failed(content.code, content.message) };
  }
}
