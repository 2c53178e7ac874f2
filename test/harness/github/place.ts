import { setTimeout as wait } from 'node:timers/promises';

/** A repository on a GitHub, the real one or the double, that a suite may write into. */
export interface Place {
  /** `https://api.github.com`, or a double's. */
  readonly url: string;
  readonly owner: string;
  readonly repo: string;
  readonly token: string;
  /** Milliseconds after each request that writes: the real GitHub asks for a second. */
  readonly pause: number;
  /** Begins the name of every branch that the suite makes. */
  readonly prefix: string;
}

/** An answer, of which a test looks at what it knows. */
export interface Told {
  readonly status: number;
  readonly headers: Headers;
  // what a test looks at is its own matter
  // biome-ignore lint/suspicious/noExplicitAny: the answers of twenty operations
  readonly body: any;
}

/** Texts by path; null: the file goes. */
type Files = Readonly<Record<string, string | null>>;

/** A pull request that a suite opened. */
export interface OpenedPull {
  readonly number: number;
  head: string;
  readonly branch: string;
}

/** Asks the API for something below the repository, or for `/graphql`. */
export async function ask(
  place: Place,
  path: string,
  {
    method = 'GET',
    body,
    accept,
  }: { readonly method?: string; readonly body?: unknown; readonly accept?: string } = {},
): Promise<Told> {
  const { url, owner, repo, token, pause } = place;
  const answer = await fetch(
    path === '/graphql' ? `${url}/graphql` : `${url}/repos/${owner}/${repo}${path}`,
    {
      method,
      headers: {
        authorization: `token ${token}`,
        accept: accept ?? 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  const text = await answer.text();
  if (method !== 'GET') await wait(pause);
  const isJson = /json/.test(answer.headers.get('content-type') ?? '') && accept === undefined;
  return {
    status: answer.status,
    headers: answer.headers,
    body: isJson && text !== '' ? JSON.parse(text) : text,
  };
}

/** The same, where anything but success ends the suite. */
async function need(place: Place, path: string, method: string, body: unknown): Promise<Told['body']> {
  const told = await ask(place, path, { method, body });
  if (told.status < 300) return told.body;
  throw new Error(`${method} ${path}: ${told.status} ${JSON.stringify(told.body)}`);
}

/** Commits files onto another commit, or onto nothing; no git is needed. */
async function commit(place: Place, files: Files, parent?: string): Promise<string> {
  const entries: unknown[] = [];
  for (const [path, text] of Object.entries(files)) {
    const entry = { path, mode: '100644', type: 'blob' };
    if (text === null) entries.push({ ...entry, sha: null });
    else if (!text.includes('\0')) entries.push({ ...entry, content: text });
    else {
      const content = Buffer.from(text).toString('base64');
      const { sha } = await need(place, '/git/blobs', 'POST', { content, encoding: 'base64' });
      entries.push({ ...entry, sha });
    }
  }
  const tree = await need(place, '/git/trees', 'POST', {
    tree: entries,
    ...(parent ? { base_tree: parent } : {}),
  });
  const message = 'Tablewarden tries GitHub out';
  const made = await need(place, '/git/commits', 'POST', {
    message,
    tree: tree.sha,
    parents: parent ? [parent] : [],
  });
  return made.sha;
}

/** Opens a pull request between two branches of its own. */
export async function open(place: Place, name: string, before: Files, after: Files): Promise<OpenedPull> {
  const base = await commit(place, before);
  const head = await commit(place, after, base);
  const [into, branch] = [`${place.prefix}/${name}/base`, `${place.prefix}/${name}/head`];
  for (const [ref, sha] of Object.entries({ [into]: base, [branch]: head }))
    await need(place, '/git/refs', 'POST', { ref: `refs/heads/${ref}`, sha });
  const asked = { title: `Tablewarden: ${name}`, head: branch, base: into };
  const { number } = await need(place, '/pulls', 'POST', asked);
  return { number, head, branch };
}

/** Pushes one more commit. */
export async function push(place: Place, pull: OpenedPull, files: Files): Promise<void> {
  pull.head = await commit(place, files, pull.head);
  await need(place, `/git/refs/heads/${pull.branch}`, 'PATCH', { sha: pull.head });
}

/** Takes away what a suite left: its branches, and with them its pull requests. */
export async function tidy(place: Place, pulls: readonly OpenedPull[]): Promise<void> {
  for (const { number, branch } of pulls) {
    await ask(place, `/pulls/${number}`, { method: 'PATCH', body: { state: 'closed' } });
    for (const ref of [branch, branch.replace(/head$/, 'base')])
      await ask(place, `/git/refs/heads/${ref}`, { method: 'DELETE' });
  }
}
