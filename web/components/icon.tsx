const paths = {
  events: 'M3 5h14M3 10h14M3 15h9',
  search: 'M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4ZM13 13l4 4',
  clear: 'M5 5l10 10M15 5 5 15',
  sun: 'M10 7a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5 6 6M14 14l1.5 1.5M4.5 15.5 6 14M14 6l1.5-1.5',
  moon: 'M16 12.5A6.5 6.5 0 0 1 7.5 4a6.5 6.5 0 1 0 8.5 8.5Z',
  help: 'M10 3a7 7 0 1 1 0 14 7 7 0 0 1 0-14ZM8 8a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1v.3M10 13.7v.1',
  account: 'M10 3a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM3.5 17a6.5 5 0 0 1 13 0',
  pause: 'M7 5v10M13 5v10',
  play: 'M7 4.5 15 10l-8 5.5Z',
  more: 'M5 10h.01M10 10h.01M15 10h.01',
  up: 'M10 16V5M5 10l5-5 5 5',
  down: 'M6 8l4 4 4-4',
  mails: 'M3 5h14v10H3ZM3 6l7 5 7-5',
  warning: 'M10 3 18 17H2ZM10 8v4M10 14.5v.1',
  only: 'M10 5v10M5 10h10',
  without: 'M5 10h10',
  copy: 'M7 7V4h9v9h-3M4 7h9v9H4Z',
} as const;

export type IconName = keyof typeof paths;

/** A drawn sign; it says nothing to a screen reader, so whoever shows it alone gives its button a label. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
