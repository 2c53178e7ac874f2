import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { at, makeRepository, type TestRepository, temporaryFolder } from '../../hook/repository.ts';
import { addComment } from './comments.ts';
import {
  checkEvent,
  commentEvent,
  type Event,
  installationEvent,
  type MergeGroup,
  mergeGroupEvent,
  pullEvent,
  reviewCommentEvent,
  selectionEvent,
  suiteEvent,
} from './events.ts';
import { git, mergeCommit, textAt, tipOf } from './git.ts';
import { makeLimits } from './limits.ts';
import { afterPush, openPull, personOf } from './push.ts';
import { serve } from './server.ts';
import {
  type CheckRun,
  type Delivery,
  type Fault,
  type Hosted,
  type Installation,
  type IssueComment,
  newId,
  type Pull,
  type RegisteredApp,
  type ReviewComment,
  type State,
} from './state.ts';
import { applySuggestion } from './suggestion.ts';
import { actionsToken, issueToken, personalToken } from './tokens.ts';
import { deliver, headersOf, post, redeliver, tellApp } from './webhooks.ts';

type Level = 'read' | 'write';

/** An app's key, as its owner downloads it. */
export interface AppKey {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
}

/** What the App asks for in `app.yml`. */
const APP_PERMISSIONS: Readonly<Record<string, Level>> = {
  checks: 'write',
  contents: 'read',
  issues: 'read',
  metadata: 'read',
  pull_requests: 'write',
};

/** What the App asks to hear of in `app.yml`. */
const APP_EVENTS: readonly string[] = [
  'check_run',
  'check_suite',
  'issue_comment',
  'merge_group',
  'pull_request',
  'pull_request_review_comment',
];

/** A GitHub that keeps its contract: see CONTRACT.md beside this file. */
export async function startGithub() {
  const state: State = {
    url: '',
    repositories: new Map(),
    apps: [],
    people: new Map(),
    installations: [],
    tokens: new Map(),
    deliveries: [],
    asked: [],
    faults: [],
    lead: 0,
    retryAfter: 1,
    mostEntries: 100_000,
    nextId: 1000,
  };
  const limits = makeLimits(state);
  const server = await serve(state, limits);
  const clones = new Map<Hosted, TestRepository>();

  const person = (login: string) => personOf(state, login);
  const tell = (event: Event) => tellApp(state, event);
  /** Of what becomes of its installations every app hears. */
  const tellOfInstallation = (event: Event) => deliver(state, event.installation!.app, event);
  const cloneOf = (repository: Hosted): TestRepository => {
    const known = clones.get(repository);
    if (!known) throw new Error(`${repository.owner}/${repository.name} has no clone`);
    return known;
  };

  const createRepository = (
    fullName: string,
    files: Readonly<Record<string, string>>,
    options: { readonly isPrivate?: boolean } = {},
  ): Hosted => {
    const [owner = '', name = ''] = fullName.split('/');
    const clone = makeRepository();
    clone.commit(files);
    const folder = join(temporaryFolder(), `${name}.git`);
    const settings = ['uploadpack.allowAnySHA1InWant=true', 'uploadpack.allowFilter=true', 'gc.auto=0'];
    clone.git(
      ...['clone', '--quiet', '--bare', '--no-local', clone.directory, folder],
      ...settings.flatMap((one) => ['--config', one]),
    );
    clone.git('remote', 'add', 'origin', folder);
    const repository: Hosted = {
      id: newId(state),
      owner,
      name,
      folder,
      isPrivate: options.isPrivate ?? true,
      defaultBranch: 'main',
      people: new Map([['maintainer', 'admin']]),
      pulls: [],
      checks: [],
    };
    clones.set(repository, clone);
    state.repositories.set(fullName, repository);
    return repository;
  };

  /** A copy of a repository under another owner. */
  const fork = (of: Hosted, owner: string): Hosted => {
    const folder = join(temporaryFolder(), `${of.name}.git`);
    const clone = at(temporaryFolder());
    clone.git('clone', '--quiet', '--bare', '--no-local', of.folder, folder);
    clone.git('clone', '--quiet', '--no-local', folder, '.');
    const repository: Hosted = {
      ...of,
      id: newId(state),
      owner,
      folder,
      people: new Map([[owner, 'admin']]),
      pulls: [],
      checks: [],
      forkOf: of,
    };
    clones.set(repository, clone);
    state.repositories.set(`${owner}/${of.name}`, repository);
    return repository;
  };

  const github = {
    state,
    get url() {
      return state.url;
    },
    createRepository,
    fork,
    person,
    tell,
    close: () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),

    /** Commits files to a branch, from another where it is new, and pushes. `undefined` deletes a file. */
    push: async (
      repository: Hosted,
      branch: string,
      files: Readonly<Record<string, string | undefined>>,
      options: { readonly from?: string; readonly force?: boolean } = {},
    ): Promise<string> => {
      const clone = cloneOf(repository);
      clone.git('fetch', '--quiet', 'origin');
      const known =
        clone.tryGit('rev-parse', '--verify', '--quiet', `refs/remotes/origin/${branch}`).code === 0;
      const start = options.from ?? (known ? `origin/${branch}` : `origin/${repository.defaultBranch}`);
      clone.git('checkout', '--quiet', '-B', branch, start);
      for (const [path, text] of Object.entries(files)) {
        if (text === undefined) clone.git('rm', '--quiet', '--', path);
        else clone.write(path, text);
      }
      clone.git('add', '--all');
      clone.git('commit', '--quiet', '--no-verify', '--allow-empty', '-m', 'commit');
      const before = tipOf(repository, branch);
      clone.git(
        'push',
        '--quiet',
        ...(options.force ? ['--force'] : []),
        'origin',
        `${branch}:refs/heads/${branch}`,
      );
      await afterPush(state, repository, branch, before);
      return clone.git('rev-parse', 'HEAD');
    },
    /** Puts a branch's commits on top of its base's newest one and pushes by force. */
    rebase: async (repository: Hosted, branch: string, onto = repository.defaultBranch): Promise<string> => {
      const clone = cloneOf(repository);
      clone.git('fetch', '--quiet', 'origin');
      clone.git('checkout', '--quiet', '-B', branch, `origin/${branch}`);
      clone.git('rebase', '--quiet', '--force-rebase', `origin/${onto}`);
      const before = tipOf(repository, branch);
      clone.git('push', '--quiet', '--force', 'origin', `${branch}:refs/heads/${branch}`);
      await afterPush(state, repository, branch, before);
      return clone.git('rev-parse', 'HEAD');
    },
    openPull: async (
      repository: Hosted,
      headRef: string,
      options: {
        readonly base?: string;
        readonly title?: string;
        readonly draft?: boolean;
        readonly headRepo?: Hosted;
        readonly author?: string;
      } = {},
    ): Promise<Pull> => {
      const {
        base = repository.defaultBranch,
        title = headRef,
        draft = false,
        headRepo = repository,
      } = options;
      const author = person(options.author ?? 'maintainer');
      return openPull(state, repository, { title, author, base, headRepo, headRef, draft });
    },
    change: async (
      repository: Hosted,
      pull: Pull,
      action: 'closed' | 'reopened' | 'ready_for_review' | 'converted_to_draft' | 'edited',
      base?: string,
    ) => {
      if (action === 'closed') pull.state = 'closed';
      if (action === 'reopened') pull.state = 'open';
      if (action === 'ready_for_review') pull.draft = false;
      if (action === 'converted_to_draft') pull.draft = true;
      const from = pull.baseRef;
      if (base !== undefined) {
        pull.baseRef = base;
        pull.baseSha = git(repository.folder, 'rev-parse', `refs/heads/${base}`);
      }
      const changes = base === undefined ? {} : { changes: { base: { ref: { from }, sha: { from: '' } } } };
      await tell(pullEvent(state, repository, pull, action, changes));
    },
    comment: async (repository: Hosted, pull: Pull, login: string, body: string): Promise<IssueComment> => {
      const comment = addComment(state, pull, person(login), body);
      await tell(commentEvent(state, repository, pull, comment));
      return comment;
    },
    /** Alters what was said before; GitHub tells it as an event of its own. */
    editComment: async (
      repository: Hosted,
      pull: Pull,
      comment: IssueComment,
      login: string,
      body: string,
    ) => {
      comment.body = body;
      comment.edits += 1;
      await tell(commentEvent(state, repository, pull, comment, 'edited', person(login)));
    },
    reply: async (
      repository: Hosted,
      pull: Pull,
      comment: ReviewComment,
      login: string,
      body: string,
    ): Promise<ReviewComment> => {
      const id = newId(state);
      const reply = {
        ...comment,
        id,
        nodeId: `PRRC_${id}`,
        author: person(login),
        body,
        inReplyTo: comment.id,
      };
      pull.threads.push(reply);
      await tell(reviewCommentEvent(state, repository, pull, reply));
      return reply;
    },
    /** Presses the button of a suggestion: GitHub commits it to the pull request's branch. */
    applySuggestion: (pull: Pull, comment: ReviewComment) => {
      const text = textAt(pull.headRepo.folder, pull.headSha, comment.path);
      const files = { [comment.path]: applySuggestion(text, comment) };
      return github.push(pull.headRepo, pull.headRef, files);
    },
    rerequest: (repository: Hosted, check: CheckRun) =>
      tell(checkEvent(state, repository, check, person('maintainer'), 'rerequested')),
    press: (repository: Hosted, check: CheckRun, identifier: string) =>
      tell(checkEvent(state, repository, check, person('maintainer'), 'requested_action', identifier)),
    rerequestSuite: (repository: Hosted, headSha: string) =>
      tell(suiteEvent(state, repository, headSha, person('maintainer'))),
    /** Puts a pull request into the merge queue: GitHub merges it on a branch of its own and asks for checks of that commit. */
    queueToMerge: async (repository: Hosted, pull: Pull): Promise<MergeGroup> => {
      const into = pull.baseRef;
      const base = tipOf(repository, into);
      const head = mergeCommit(repository, base, pull.headSha);
      const branch = `gh-readonly-queue/${into}/pr-${pull.number}-${base}`;
      git(repository.folder, 'update-ref', `refs/heads/${branch}`, head);
      const group = { branch, base, head, into };
      await tell(mergeGroupEvent(state, repository, group, person('maintainer'), 'checks_requested'));
      return group;
    },
    leaveQueue: async (repository: Hosted, group: MergeGroup) => {
      git(repository.folder, 'update-ref', '-d', `refs/heads/${group.branch}`);
      await tell(mergeGroupEvent(state, repository, group, person('maintainer'), 'destroyed'));
    },
    merge: async (repository: Hosted, pull: Pull): Promise<string> => {
      const before = tipOf(repository, pull.baseRef);
      const commit = mergeCommit(repository, before, pull.headSha);
      git(repository.folder, 'update-ref', `refs/heads/${pull.baseRef}`, commit);
      pull.state = 'closed';
      pull.merged = true;
      pull.mergedAs = commit;
      await tell(pullEvent(state, repository, pull, 'closed'));
      await afterPush(state, repository, pull.baseRef, before);
      return commit;
    },

    registerApp: (
      slug = 'tablewarden',
      permissions = APP_PERMISSIONS,
      events = APP_EVENTS,
    ): AppKey & { readonly app: RegisteredApp } => {
      const { publicKey, privateKey } = keyPair(state.apps.length);
      const app: RegisteredApp = { id: newId(state), slug, publicKey, permissions, events: new Set(events) };
      state.apps.push(app);
      return { id: app.id, slug, privateKey, app };
    },
    install: (app: RegisteredApp, account: string, permissions = app.permissions): Installation => {
      const installation: Installation = {
        id: newId(state),
        app,
        account,
        permissions,
        suspended: false,
        removed: false,
      };
      state.installations.push(installation);
      return installation;
    },
    /** Says that an installation is new: {@link install} itself tells nobody. */
    tellInstalled: (installation: Installation) =>
      tellOfInstallation(installationEvent(state, installation, person('maintainer'), 'created')),
    uninstall: async (installation: Installation) => {
      installation.removed = true;
      await tellOfInstallation(installationEvent(state, installation, person('maintainer'), 'deleted'));
    },
    suspend: async (installation: Installation, suspended = true) => {
      installation.suspended = suspended;
      const action = suspended ? 'suspend' : 'unsuspend';
      await tellOfInstallation(installationEvent(state, installation, person('maintainer'), action));
    },
    /** Gives an installation some of its account's repositories, by name, and takes the others away. */
    select: async (installation: Installation, names: readonly string[]) => {
      const all = [...state.repositories.values()].filter(({ owner }) => owner === installation.account);
      const before = installation.repositories ?? new Set(all.map(({ name }) => name));
      const after = new Set(names);
      installation.repositories = after;
      const without = (one: ReadonlySet<string>, other: ReadonlySet<string>) =>
        new Set([...one].filter((name) => !other.has(name)));
      const [added, removed] = [without(after, before), without(before, after)];
      const none = new Set<string>();
      for (const change of [
        { added, removed: none },
        { added: none, removed },
      ])
        if (change.added.size + change.removed.size > 0)
          await tellOfInstallation(selectionEvent(state, installation, person('maintainer'), change));
    },
    /** Sends a body to an app's hook as it is, with headers in the place of the right ones: also what GitHub would never send. */
    send: (
      app: RegisteredApp,
      event: string,
      body: string,
      headers: Readonly<Record<string, string>> = {},
    ) => {
      if (!app.hook) throw new Error(`${app.slug} has no hook`);
      const right = headersOf(app, { event, guid: randomUUID(), payload: body });
      return post(app.hook, { ...right, ...headers }, body);
    },
    /** Sends one delivery again, as the button in an app's settings does. */
    redeliver: (delivery: Delivery) => {
      const app = state.apps.find(({ id }) => id === delivery.appId);
      if (!app) throw new Error(`no app ${delivery.appId}`);
      return redeliver(state, app, delivery);
    },
    tokenOf: (installation: Installation) => issueToken(state, installation, {}).secret,
    actionsToken: (repository: Hosted, permissions: Readonly<Record<string, Level>>) =>
      actionsToken(state, `${repository.owner}/${repository.name}`, permissions),
    personalToken: (login: string) => personalToken(state, login),
    /** Lets the next requests of an operation go wrong. */
    fail: (fault: Fault) => {
      state.faults.push(fault);
    },
    exhaust: (secret: string) => limits.exhaust(state.tokens.get(secret)!),
    advance: (milliseconds: number) => {
      state.lead += milliseconds;
    },
    /** How many requests of each operation were made, git's apart. */
    spent: (): Readonly<Record<string, number>> => {
      const counts: Record<string, number> = {};
      for (const { operation } of state.asked) counts[operation] = (counts[operation] ?? 0) + 1;
      return counts;
    },
  };
  return github;
}

export type Github = Awaited<ReturnType<typeof startGithub>>;

const keyPairs: ReturnType<typeof makeKeyPair>[] = [];

/** The key of one GitHub's first app, of its second: made once, since that takes a while. */
function keyPair(at: number) {
  keyPairs[at] ??= makeKeyPair();
  return keyPairs[at];
}

function makeKeyPair() {
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
}
