import { UserError } from '../errors.ts';
import { isForbidden } from '../github/trouble.ts';
import type { Settings } from './settings.ts';

/** Who the App is on GitHub, and its tokens. */
export interface Identity {
  readonly appId: number;
  /** What its comments are signed with: `tablewarden[bot]`. */
  login(): Promise<string>;
  /** Asks as the App itself, which only knows of installations and deliveries. Follows pages up to `most` of them. */
  pages(route: string, most: number): AsyncIterable<readonly unknown[]>;
  post(route: string): Promise<void>;
  /** An installation's token; `isOver`: GitHub no longer takes the last one. Rejects with {@link Uninstalled}. */
  token(installation: number, isOver: boolean): Promise<string>;
  /** Hands an event to whoever listens. */
  receive(event: { readonly id: string; readonly name: string; readonly payload: object }): Promise<void>;
}

/** The installation is gone or suspended: nothing can be said there any more. */
export class Uninstalled extends Error {
  constructor(installation: number) {
    super(`installation ${installation} is removed or suspended`);
    this.name = 'Uninstalled';
  }
}

/** Milliseconds before its end at which a token is renewed: a run must be able to fetch with it. */
const MARGIN = 5 * 60_000;

const WANTED = '14.3.2';

/** Makes the App's identity with Probot, which signs for it, keeps its clock, and asks at GitHub's pace. */
export async function openIdentity(
  { appId, privateKey, secrets, apiUrl, second }: Settings,
  heard: (event: { readonly id: string; readonly name: string; readonly payload: unknown }) => Promise<void>,
): Promise<Identity> {
  const { Probot, ProbotOctokit } = await loadProbot();
  // in the form of an object Probot's own pace would silently come back
  const Octokit = ProbotOctokit.defaults((given: object) => ({
    ...given,
    log: SILENT,
    retry: { retryAfterBaseValue: second },
    ...(second === 1000 ? {} : { throttle: { enabled: false } }),
  }));
  const probot = new Probot({
    appId,
    privateKey,
    secret: secrets[0],
    baseUrl: apiUrl,
    log: SILENT as never, // Probot would bring one that writes payloads on standard output
    Octokit: Octokit as never, // the defaults of a class lose its name
  });
  probot.onAny(({ id, name, payload }) => heard({ id, name, payload }));
  const octokit = await probot.auth();
  const tokens = new Map<number, { readonly secret: string; readonly until: number }>();
  let login: Promise<string> | undefined;

  return {
    appId,
    login: () => {
      login ??= octokit.request('GET /app').then(({ data }) => `${data?.slug}[bot]`);
      return login.catch((error: unknown) => {
        login = undefined;
        throw error;
      });
    },
    pages: async function* (route, most) {
      let at = 0;
      for await (const { data } of octokit.paginate.iterator(`GET ${route}`, { per_page: 100 })) {
        yield data as readonly unknown[]; // a list is what is asked for
        if (++at >= most) return;
      }
    },
    post: async (route) => {
      await octokit.request(`POST ${route}`);
    },
    token: async (installation, isOver) => {
      const known = tokens.get(installation);
      if (known && !isOver && known.until > Date.now()) return known.secret;
      tokens.delete(installation);
      try {
        const { data } = await octokit.request('POST /app/installations/{installation_id}/access_tokens', {
          installation_id: installation,
        });
        const hour = Date.parse(data.expires_at) - Date.now();
        tokens.set(installation, {
          secret: data.token,
          until: Date.now() + Math.min(hour, 3_600_000) - MARGIN,
        });
        return data.token;
      } catch (error) {
        throw isForbidden(error) ? new Uninstalled(installation) : error;
      }
    },
    receive: (event) => probot.receive(event as Parameters<typeof probot.receive>[0]), // names that it knows or not
  };
}

async function loadProbot() {
  try {
    return await import('probot');
  } catch {
    throw new UserError(
      'Probot is not installed, which the App speaks to GitHub with.',
      `Install it beside Tablewarden: \`npm install probot@${WANTED}\`.`,
    );
  }
}

function quiet(): void {}

const SILENT = {
  ...{ trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet, fatal: quiet },
  child: () => SILENT,
};
