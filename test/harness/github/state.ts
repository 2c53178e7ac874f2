/** Somebody who writes on GitHub. */
export interface Actor {
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
  /** The app that speaks, where one does. */
  readonly app?: { readonly id: number; readonly slug: string };
}

/** A repository: its commits lie in a bare git repository on the disk. */
export interface Hosted {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly folder: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  /** What people may do; everybody else reads what is public. */
  readonly people: Map<string, 'admin' | 'write' | 'read'>;
  readonly pulls: Pull[];
  readonly checks: CheckRun[];
  /** The repository that it was forked from. */
  readonly forkOf?: Hosted;
}

export interface Pull {
  readonly id: number;
  readonly number: number;
  title: string;
  readonly author: Actor;
  baseRef: string;
  /** Base's tip when the pull request was opened or last pushed to. */
  baseSha: string;
  readonly headRepo: Hosted;
  readonly headRef: string;
  headSha: string;
  draft: boolean;
  /** When it was opened or pushed to last, in milliseconds since 1970. */
  updatedAt: number;
  state: 'open' | 'closed';
  merged: boolean;
  mergedAs?: string;
  readonly comments: IssueComment[];
  readonly reviews: Review[];
  readonly threads: ReviewComment[];
}

export interface IssueComment {
  readonly id: number;
  readonly author: Actor;
  body: string;
  edits: number;
  readonly reactions: { readonly by: Actor; readonly content: string }[];
}

export interface Review {
  readonly id: number;
  readonly author: Actor;
  readonly body: string;
  readonly state: 'COMMENTED' | 'APPROVED' | 'CHANGES_REQUESTED' | 'PENDING';
  commitId: string;
}

export interface ReviewComment {
  readonly id: number;
  readonly nodeId: string;
  readonly author: Actor;
  body: string;
  edits: number;
  readonly path: string;
  readonly reviewId: number;
  readonly inReplyTo?: number;
  readonly subject: 'line' | 'file';
  readonly side: 'LEFT' | 'RIGHT';
  /** Undefined once the lines that it stood on are gone: it is outdated then. */
  line?: number;
  startLine?: number;
  readonly originalLine?: number;
  readonly originalStartLine?: number;
  readonly originalCommitId: string;
  commitId: string;
  resolvedBy?: Actor;
}

export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly start_column?: number;
  readonly end_column?: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly message: string;
  readonly title?: string;
}

export interface CheckRun {
  readonly id: number;
  readonly appId: number;
  readonly name: string;
  readonly headSha: string;
  externalId: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion?: string;
  title?: string;
  summary?: string;
  text?: string;
  readonly annotations: Annotation[];
  actions: readonly { readonly label: string; readonly identifier: string }[];
  readonly startedAt: string;
  completedAt?: string;
}

/** An app that is registered, and where it hears of events. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly publicKey: string;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** What it hears of, besides its own installations. */
  readonly events: ReadonlySet<string>;
  hook?: { readonly url: string; readonly secret: string };
}

export interface Installation {
  readonly id: number;
  readonly app: RegisteredApp;
  readonly account: string;
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  /** Names of the account's repositories that it was given; undefined: all. */
  repositories?: ReadonlySet<string>;
  suspended: boolean;
  removed: boolean;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly payload: string;
  readonly appId: number;
  readonly installationId: number | null;
  readonly deliveredAt: number;
  readonly redelivery: boolean;
  /** 0: nobody answered. */
  statusCode: number;
  /** What the app answered. */
  answer: string;
}

/** Who asks, and what of it the token allows. */
export interface Token {
  readonly actor: Actor;
  readonly kind: 'app' | 'installation' | 'personal';
  readonly permissions: Readonly<Record<string, 'read' | 'write'>>;
  readonly installation?: Installation;
  /** Owner/name of the repositories in its reach; undefined: all that the installation or the person has. */
  readonly repositories?: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** One request, for tests that ask what was spent and by whom. */
interface Asked {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly by: string;
  readonly status: number;
}

/** Everything that this GitHub knows. */
export interface State {
  url: string;
  readonly repositories: Map<string, Hosted>;
  readonly people: Map<string, Actor>;
  readonly apps: RegisteredApp[];
  readonly installations: Installation[];
  readonly tokens: Map<string, Token>;
  readonly deliveries: Delivery[];
  readonly asked: Asked[];
  readonly faults: Fault[];
  /** The clock's lead over the real one, in milliseconds. */
  lead: number;
  /** Seconds that a secondary limit asks to wait. */
  retryAfter: number;
  /** A tree lists so many entries and no more. */
  mostEntries: number;
  nextId: number;
}

/** Something that goes wrong on purpose, for the requests that it fits. */
export interface Fault {
  readonly operation: string | RegExp;
  times: number;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** Ends the connection without an answer. */
  readonly reset?: boolean;
  /** Milliseconds before the request is looked at. */
  readonly delay?: number;
  /** Milliseconds by which the clock goes on before the request is looked at. */
  readonly lead?: number;
  /** Does what was asked, and then fails all the same. */
  readonly after?: boolean;
}

export function now(state: State): number {
  return Date.now() + state.lead;
}

export function stamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function newId(state: State): number {
  state.nextId += 1;
  return state.nextId;
}
