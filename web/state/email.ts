import { computed, effect, signal, untracked } from '@preact/signals';
import { readMails } from '../api/event-api.ts';
import { pageReader } from '../api/hub-api.ts';
import { Mails } from './mails.ts';
import { overview } from './page.ts';

const readPage = pageReader(document.baseURI);

/** How e-mail goes; null before the hub has said it. */
export const email = computed(() => overview.snapshot.value?.stats.email ?? null);
const isPaused = computed(() => email.value?.state === 'paused');
/** Why mail is paused, in the words of the hub; empty while it is not known. */
export const pauseReason = signal('');

export const mails = new Mails((state, signal) => readMails(document.baseURI, state, signal));

/** The hub's own events about mail; what stands before the reason is said by the page itself. */
const aboutMail = 'source:alert-hub key:alert-hub/mail';
const preamble = /^mail is paused, and mails wait: /;

/** Looks up why mail is paused whenever it is. Call it once. */
export function watchEmail(): void {
  effect(() => {
    if (isPaused.value) untracked(() => void readReason());
    else pauseReason.value = '';
  });
}

async function readReason(): Promise<void> {
  const page = await readPage({ q: aboutMail, limit: 1 }, new AbortController().signal).catch(() => null);
  const row = page?.rows[0];
  if (row !== undefined && !row.isResolved) pauseReason.value = row.message.replace(preamble, '');
}
