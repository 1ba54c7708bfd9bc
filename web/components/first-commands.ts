import { texts } from '../texts/texts.ts';

export interface Command {
  readonly title: string;
  readonly text: string;
}

/** The port that a hub listens on for TCP unless told otherwise; the page cannot know better. */
const tcpPort = 9000;

/** Three ways to send a first event to the hub that served this page. */
export function commands(): readonly Command[] {
  const event = JSON.stringify({ source: 'my-laptop', severity: 'warning', message: texts.firstRun.sample });
  const base = new URL('.', document.baseURI).href.replace(/\/$/, '');
  return [
    {
      title: texts.firstRun.http,
      text: `curl ${base}/api/events \\\n  -H 'Content-Type: application/json' \\\n  -d '${event}'`,
    },
    { title: texts.firstRun.tcp, text: `echo '${event}' \\\n  | nc -w 1 ${location.hostname} ${tcpPort}` },
    {
      title: texts.firstRun.command,
      text: `npx alert-hub send --http ${base} \\\n  --source my-laptop --severity warning '${texts.firstRun.sample}'`,
    },
  ];
}
