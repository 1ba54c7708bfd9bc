import { computed, effect, untracked } from '@preact/signals';
import { subscribe } from '../../src/client/subscriber.ts';
import { countsApi } from '../api/counts-api.ts';
import { recordReader, traceReader } from '../api/event-api.ts';
import { pageReader } from '../api/hub-api.ts';
import { session } from './access.ts';
import { addressParameter, pageAddress } from './address.ts';
import { Connection } from './connection.ts';
import { Detail } from './detail.ts';
import { Feed } from './feed.ts';
import { frameScheduler } from './frame.ts';
import { Hold } from './hold.ts';
import { ListPlace } from './list-place.ts';
import { Overview } from './overview.ts';
import { paced, type Schedule } from './pace.ts';
import { Paging } from './paging.ts';
import { range } from './range.ts';
import { isPhone, rowHeight } from './screen.ts';
import { Search } from './search.ts';
import { Selection } from './selection.ts';
import { Toasts } from './toasts.ts';
import { view } from './view.ts';

/** The state of the page, made once. Components read it and call it; it knows no component. */

const readPage = pageReader(document.baseURI);

/** Milliseconds between two drawings in a flood: a count that changes more often is no easier to read, and rows that go by
 *  cannot be read at all. */
const floodRestMs = 100;
/** Between two returns to a hub that shows the page the door. */
const rejoinRestMs = 5_000;
let rejoinedAt = -Infinity;
const floodPaced = (): Schedule => paced(frameScheduler(), () => (hold.isFlooded.peek() ? floodRestMs : 0));

export const search = new Search(pageAddress);
export const hold = new Hold();

export const feed = new Feed({
  readPage,
  hold,
  nextFrame: floodPaced(),
  refuse: (message) => search.refuse(message),
  connect: (listener) =>
    new Connection(
      (q, cursor, handlers) =>
        subscribe({ url: liveAddress(), WebSocket, filter: q === '' ? {} : { q }, cursor, ...handlers }),
      {
        events: (events) => {
          listener.receive(events);
          toasts.receiveListed(events);
        },
        lost: () => listener.reload(),
        behind: (records) => listener.skipAhead(records),
      },
    ),
});

export const paging = new Paging(feed, readPage);
export const selection = new Selection(feed.window, hold);
export const place = new ListPlace(feed.window);

export const overview = new Overview({
  api: countsApi(document.baseURI),
  isHidden: () => document.hidden,
  zoneMs: (now) => new Date(now).getTimezoneOffset() * -60_000,
});

const question = computed(() => ({ query: search.query.value, range: range.value, most: isPhone.value ? 60 : 120 }));

export const detail = new Detail({
  readRecord: recordReader(document.baseURI),
  readTrace: traceReader(document.baseURI),
  address: addressParameter('at'),
  isStep: () => isPhone.peek(),
});

export const toasts = new Toasts({
  isFollowing: () => !hold.isStill.peek() && view.peek() === 'events' && !document.hidden && !isListCovered(),
  isHidden: () => document.hidden,
  follow: (q, onEvents) =>
    subscribe({ url: liveAddress(), WebSocket, filter: { q }, onEvents, onStatus: () => undefined }),
  nextFrame: floodPaced(),
});

/** On a phone the open event lies over the list. */
export function isListCovered(): boolean {
  return isPhone.value && detail.position.value !== null;
}

/** Chooses by key or from afar: the chosen row comes into sight. */
export function showChosen(): void {
  const row = selection.row.peek();
  if (row !== null) hold.isScrolled.value = place.bring(feed.window.indexOf(row.position), rowHeight.peek());
}

/** Begins to load and to follow. Call it once. */
export function start(): void {
  search.whenChanged((query) => void feed.search(query));
  effect(() => {
    if (feed.shown.value !== null) untracked(() => selection.clear());
    untracked(() => hold.startOver());
    untracked(markOpen);
  });
  effect(() => {
    if (detail.position.value !== null) untracked(markOpen);
  });
  effect(() => {
    const row = selection.row.value;
    if (row !== null && detail.position.peek() !== null) untracked(() => detail.open(row.position));
  });
  effect(() => {
    if (!hold.isScrolled.value) place.toTop();
    if (!hold.isHeld.value) untracked(() => feed.reveal());
  });
  effect(() => {
    const asked = question.value;
    if (feed.connection.lostAt.value === null) untracked(() => overview.ask(asked));
  });
  effect(() => {
    // Events may have come; or the hub counts this page among its subscribers from now on.
    if (feed.arrived.value.total > 0 || feed.connection.isLive.value) untracked(() => overview.nudge());
  });
  effect(() => {
    const status = feed.connection.status.value;
    const isRefused = status.state === 'closed' && status.code === 'unauthorized';
    if (isRefused) untracked(() => void rejoin());
    else if (feed.connection.isLive.value && session.standing.peek().kind === 'unknown')
      untracked(() => void session.check());
  });
  effect(() => {
    if (!hold.isStill.value && view.value === 'events') untracked(() => toasts.dropSeen());
  });
  toasts.watch(feed.shown);
  setInterval(() => {
    feed.tick();
    toasts.tick();
  }, 1000);
  // A laptop that wakes or comes back into a network need not wait out the pause before the next attempt.
  addEventListener('online', () => feed.connection.retryNow());
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    feed.connection.retryNow();
    overview.ask(question.peek());
  });
}

/** What the connection was opened with is over. Whoever is logged in all the same, by another tab or anew, goes on. */
async function rejoin(): Promise<void> {
  const rest = rejoinRestMs - (performance.now() - rejoinedAt);
  if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  rejoinedAt = performance.now();
  await session.check();
  if (session.standing.peek().kind !== 'in') return;
  feed.reload();
  toasts.followAgain();
}

/** The row of the open event is the chosen one. That alone does not hold the list: nobody chose it there. */
function markOpen(): void {
  const position = detail.position.peek();
  if (position === null || selection.row.peek()?.position === position) return;
  const row = feed.window.rowAt(feed.window.indexOf(position));
  if (row?.position === position) selection.mark(row);
}

function liveAddress(): string {
  const url = new URL('ws', document.baseURI);
  url.protocol = url.protocol.replace('http', 'ws');
  return url.href;
}
