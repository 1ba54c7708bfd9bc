import { texts } from '../texts/texts.ts';

export interface Command {
  readonly title: string;
  readonly text: string;
}

/** The port that a hub listens on for TCP unless told otherwise; the page cannot know better. */
const tcpPort = 9000;

/** Three ways to send a first event to the hub that served this page; the token is then in HUB_TOKEN. */
export function commands(needsToken: boolean): readonly Command[] {
  const event = JSON.stringify({ source: 'my-laptop', severity: 'warning', message: texts.firstRun.sample });
  const base = new URL('.', document.baseURI).href.replace(/\/$/, '');
  const bearer = needsToken ? `  -H "Authorization: Bearer $HUB_TOKEN" \\\n` : '';
  const said = needsToken ? `printf '%s\\n' "{\\"token\\":\\"$HUB_TOKEN\\"}" \\\n  '${event}'` : `echo '${event}'`;
  return [
    {
      title: texts.firstRun.http,
      text: `curl ${base}/api/events \\\n${bearer}  -H 'Content-Type: application/json' \\\n  -d '${event}'`,
    },
    { title: texts.firstRun.tcp, text: `${said} \\\n  | nc -w 1 ${location.hostname} ${tcpPort}` },
    {
      title: texts.firstRun.command,
      text: `npx alert-hub send --http ${base} \\\n  --source my-laptop --severity warning '${texts.firstRun.sample}'`,
    },
  ];
}
