import { environment } from './environment.ts';
import { type GitOutput, runGit } from './run.ts';

/** What is fetched: commit ids or full names of refs, and how much of their history. */
export interface Wanted {
  readonly remote: string;
  readonly refs: readonly string[];
  /** Commits of history; undefined: as much as there is. */
  readonly depth?: number;
  /** Give a shallow clone the rest of its history. */
  readonly unshallow?: boolean;
  /** Leave the contents of files out; {@link fetchObjects} gets those that are wanted. */
  readonly withoutBlobs?: boolean;
}

/** A header that proves who asks: sent to addresses that begin with `url` only. */
export interface Credential {
  readonly url: string;
  readonly header: string;
}

/**
 * Fetches with the credentials that the clone has, or with the one given in their place. The only git command that uses
 * the network; the command line and the hook never call it. A credential travels in the environment, where neither `ps`
 * nor a log shows it.
 */
export function fetchRefs(directory: string, wanted: Wanted, credential?: Credential): Promise<GitOutput> {
  const { remote, refs, depth, unshallow, withoutBlobs } = wanted;
  const history = unshallow ? ['--unshallow'] : depth === undefined ? [] : [`--depth=${depth}`];
  const filter = withoutBlobs ? ['--filter=blob:none'] : [];
  return runGit(directory, [...FETCH, ...history, ...filter, '--', remote, ...refs], {
    env: networkEnvironment(credential),
  });
}

/** Fetches objects by their ids into a clone that leaves contents out, all in one request. */
export function fetchObjects(
  directory: string,
  remote: string,
  ids: readonly string[],
  credential?: Credential,
): Promise<GitOutput> {
  const alone = ['--no-write-fetch-head', '--filter=blob:none', '--stdin'];
  return runGit(directory, ['-c', 'fetch.negotiationAlgorithm=noop', ...FETCH, ...alone, '--', remote], {
    env: networkEnvironment(credential),
    input: `${ids.join('\n')}\n`,
  });
}

const FETCH = [
  ...['-c', 'protocol.allow=always', 'fetch'],
  ...['--quiet', '--no-tags', '--no-recurse-submodules', '--no-auto-gc'],
];

function networkEnvironment(credential: Credential | undefined): NodeJS.ProcessEnv {
  return {
    ...environment(),
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:file',
    ...(credential ? settings(credential) : {}),
  };
}

/**
 * An empty value takes away the headers that the clone sends itself: two of them are refused by GitHub. They come after
 * what the environment configures already.
 */
function settings({ url, header }: Credential): Readonly<Record<string, string>> {
  const count = Number(process.env.GIT_CONFIG_COUNT ?? 0) || 0;
  const key = `http.${url}.extraheader`;
  return {
    GIT_CONFIG_COUNT: String(count + 2),
    [`GIT_CONFIG_KEY_${count}`]: key,
    [`GIT_CONFIG_VALUE_${count}`]: '',
    [`GIT_CONFIG_KEY_${count + 1}`]: key,
    [`GIT_CONFIG_VALUE_${count + 1}`]: header,
  };
}
