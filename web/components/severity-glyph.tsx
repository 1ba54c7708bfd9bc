import type { Severity } from '../../src/pipeline/event.ts';

/** A shape for each severity, so that they are told apart without telling red from green. */
export function SeverityGlyph({ severity }: { readonly severity: Severity }) {
  return (
    <svg class={`glyph ${severity}`} viewBox="0 0 12 12" aria-hidden="true">
      <Shape severity={severity} />
    </svg>
  );
}

function Shape({ severity }: { readonly severity: Severity }) {
  switch (severity) {
    case 'info':
      return <circle cx="6" cy="6" r="3.2" />;
    case 'warning':
      return <path d="M6 2 10.4 10H1.6Z" />;
    case 'error':
      return <rect x="2.4" y="2.4" width="7.2" height="7.2" rx="1" />;
    case 'critical':
      return <path d="M6 .8 11.2 6 6 11.2.8 6Z" />;
  }
}
