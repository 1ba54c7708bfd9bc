import { access } from './scenes/access.ts';
import { beginning } from './scenes/beginning.ts';
import { detail } from './scenes/detail.ts';
import { events } from './scenes/events.ts';
import { flood } from './scenes/flood.ts';
import { limits } from './scenes/limits.ts';
import { mailPaused } from './scenes/mail-paused.ts';
import { mails } from './scenes/mails.ts';
import { noMails } from './scenes/no-mails.ts';
import { searching } from './scenes/searching.ts';
import { spanish } from './scenes/spanish.ts';
import { trouble } from './scenes/trouble.ts';
import type { Scene } from './scene.ts';

/** Every picture, in the order in which they are shown. */
export const scenes: readonly Scene[] = [
  events,
  detail,
  searching,
  beginning,
  trouble,
  flood,
  ...mails,
  mailPaused,
  noMails,
  access,
  limits,
  spanish,
];
