import { Refusal } from './refusal.ts';
import { now, type State, type Token } from './state.ts';

/** Requests of an hour, and the seconds in which they are counted. */
const HOURLY = { installation: 5000, personal: 5000, app: 5000 } as const;

/** What one identity has used: times of its requests and of what it created. */
interface Used {
  hour: number;
  requests: number;
  readonly points: { readonly at: number; readonly cost: number }[];
  readonly created: number[];
}

const TOO_FAST = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';

/** Counts requests by identity; one for each GitHub. */
export function makeLimits(state: State) {
  const used = new Map<string, Used>();
  const of = (token: Token): Used => {
    const key = token.installation ? `installation ${token.installation.id}` : token.actor.login;
    const hour = Math.floor(now(state) / 3_600_000);
    const known = used.get(key);
    if (known?.hour === hour) return known;
    const fresh = { hour, requests: 0, points: known?.points ?? [], created: known?.created ?? [] };
    used.set(key, fresh);
    return fresh;
  };
  const headers = (token: Token): Record<string, string> => {
    const { requests, hour } = of(token);
    const limit = HOURLY[token.kind];
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - requests)),
      'x-ratelimit-used': String(requests),
      'x-ratelimit-reset': String((hour + 1) * 3600),
      'x-ratelimit-resource': 'core',
    };
  };
  return {
    headers,
    /** Uses up an identity's hour, to see what happens then. */
    exhaust: (token: Token) => {
      of(token).requests = HOURLY[token.kind];
    },
    /** Counts a request and refuses it where a limit is passed: primary, points of a minute, things created. */
    count: (token: Token, method: string, creates: boolean) => {
      const mine = of(token);
      if (mine.requests >= HOURLY[token.kind])
        throw new Refusal(403, `API rate limit exceeded for ${token.actor.login}.`, {
          headers: headers(token),
        });
      mine.requests += 1;
      const at = now(state);
      const retry = { headers: { 'retry-after': String(state.retryAfter) } };
      mine.points.push({ at, cost: method === 'GET' ? 1 : 5 });
      const recent = mine.points.filter((one) => one.at > at - 60_000);
      mine.points.splice(0, mine.points.length, ...recent);
      if (recent.reduce((sum, { cost }) => sum + cost, 0) > 900) throw new Refusal(403, TOO_FAST, retry);
      if (!creates) return;
      mine.created.push(at);
      mine.created.splice(
        0,
        mine.created.findIndex((one) => one > at - 3_600_000),
      );
      const minute = mine.created.filter((one) => one > at - 60_000).length;
      if (minute > 80 || mine.created.length > 500) throw new Refusal(403, TOO_FAST, retry);
    },
    /** A request that answered 304 costs nothing. */
    giveBack: (token: Token) => {
      of(token).requests -= 1;
    },
  };
}

export type Limits = ReturnType<typeof makeLimits>;

/** Operations that create what people are told of: these count to 80 a minute and 500 an hour. */
export const CREATING = new Set([
  'issues/create-comment',
  'pulls/create-review',
  'pulls/create-review-comment',
  'pulls/create-reply-for-review-comment',
]);
