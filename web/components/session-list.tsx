import { useEffect } from 'preact/hooks';
import type { SessionInfo } from '../../src/pipeline/access-desks.ts';
import { sessions } from '../state/access.ts';
import { nearbyText } from '../texts/moments.ts';
import { texts } from '../texts/texts.ts';

const pollMs = 10_000;

/** Everyone who is logged in, each of whom can be logged out. */
export function SessionList() {
  useEffect(() => {
    void sessions.load();
    const timer = setInterval(() => {
      if (!document.hidden) void sessions.load();
    }, pollMs);
    return () => clearInterval(timer);
  }, []);
  const list = sessions.list.value;
  const failed = sessions.failed.value;
  const words = texts.account;
  return (
    <section class="sessions">
      <h3 id="sessions-title">{words.sessions}</h3>
      <p class="failure" role="alert" hidden={failed === null}>
        {failed !== null && words.failed[failed]}
      </p>
      <table aria-labelledby="sessions-title" aria-busy={list === null}>
        <thead>
          <tr>
            {[words.name, words.role, words.since, words.seen, words.address].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {(list ?? []).map((each) => (
            <SessionRow key={each.id} session={each} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SessionRow({
  session: { id, token, role, created, used, address, current },
}: {
  readonly session: SessionInfo;
}) {
  const words = texts.account;
  return (
    <tr>
      <th scope="row">
        <bdi>{token.name}</bdi>
      </th>
      <td>{words.roles[role]}</td>
      <td data-name={words.since}>
        <Moment at={created} />
      </td>
      <td data-name={words.seen}>
        <Moment at={used} />
      </td>
      <td class="address">{address}</td>
      <td class="end">
        {current ? (
          <span class="current">{words.current}</span>
        ) : (
          <button
            type="button"
            class="button small"
            aria-label={words.endOf(token.name, address)}
            onClick={() => void sessions.end(id)}
          >
            {words.end}
          </button>
        )}
      </td>
    </tr>
  );
}

/** The hub's clock may be ahead of this one; what has happened is never in the future. */
function Moment({ at }: { readonly at: string }) {
  const now = Date.now();
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()}>
      {nearbyText(Math.min(Date.parse(at), now), now)}
    </time>
  );
}
