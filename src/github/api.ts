import { setTimeout as wait } from 'node:timers/promises';
import { Octokit } from '@octokit/core';
import { paginateRest } from '@octokit/plugin-paginate-rest';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { longestWait, statusOf } from './trouble.ts';

const Client = Octokit.plugin(paginateRest, retry, throttling);

/** GitHub's API with one identity's token: paced, retried, and without a log of its own. */
export type Api = InstanceType<typeof Client>;

export interface ApiOptions {
  /** `https://api.github.com`, or a GitHub Enterprise Server's. */
  readonly baseUrl: string;
  /** The token of this moment; `isOver` asks for another, since GitHub no longer takes the last one. */
  readonly token: (isOver: boolean) => Promise<string>;
  /** Whose limits these are: requests of one identity wait for each other. */
  readonly identity: string;
  readonly version: string;
  /** Told when a limit of GitHub's makes this wait, in seconds. */
  readonly waiting?: (seconds: number, why: string) => void;
  /** Milliseconds that GitHub's limits are counted in; less than 1,000 only where GitHub is no real one. */
  readonly second?: number;
}

/** Times that a request is sent again after a limit of GitHub's refused it. */
const MOST_RETRIES = 3;

/** Opens GitHub's API. Nothing is asked yet. */
export function openApi({ baseUrl, token, identity, version, waiting, second = 1000 }: ApiOptions): Api {
  const mayWait = (seconds: number, count: number, why: string): boolean => {
    if (count >= MOST_RETRIES || seconds > longestWait) return false;
    waiting?.(seconds, why);
    return true;
  };
  const api = new Client({
    baseUrl,
    userAgent: `tablewarden/${version}`,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    retry: { retryAfterBaseValue: second },
    throttle: {
      id: identity,
      retryAfterBaseValue: second,
      ...(second === 1000 ? {} : { enabled: false }),
      onRateLimit: (seconds, _options, _api, count) => mayWait(seconds, count, 'the hourly limit'),
      onSecondaryRateLimit: (seconds, _options, _api, count) =>
        mayWait(seconds, count, "GitHub's limit for requests that come too fast"),
    },
  });
  api.hook.before('request', (options) => {
    options.headers['x-github-api-version'] = '2022-11-28';
  });
  api.hook.wrap('request', async (send, options) => {
    options.headers.authorization = `token ${await token(false)}`;
    let isRenewed = false;
    for (let waits = 0; ; )
      try {
        return await send(options);
      } catch (error) {
        const seconds = retryAfter(error);
        if (statusOf(error) === 401 && !isRenewed) {
          isRenewed = true;
          options.headers.authorization = `token ${await token(true)}`;
        } else if (seconds !== undefined && mayWait(seconds, waits, 'a limit')) {
          waits += 1;
          await wait(seconds * second);
        } else throw error;
      }
  });
  return api;
}

function quiet(): void {}

/** Seconds that an answer asks to wait, where it says so in its own header. */
function retryAfter(error: unknown): number | undefined {
  const status = statusOf(error);
  if ((status !== 403 && status !== 429) || !(error instanceof Error)) return undefined;
  const { response } = error as { response?: { headers?: Readonly<Record<string, unknown>> } };
  const seconds = Number(response?.headers?.['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}
