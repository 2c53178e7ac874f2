/** One ref that a push is about to change. */
export interface Push {
  /** What is pushed, as git names it; empty where only the commit is known. */
  readonly localRef: string;
  /** Undefined: the push deletes the remote's ref. */
  readonly localId: string | undefined;
  readonly remoteRef: string;
  /** Undefined: the remote has no such ref yet. */
  readonly remoteId: string | undefined;
}

const ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** Reads git's pre-push protocol, one ref a line (https://git-scm.com/docs/githooks#_pre_push). Throws on anything else. */
export function parsePushes(text: string): readonly Push[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [localRef = '', localId = '', remoteRef = '', remoteId = '', ...more] = line.split(' ');
      if (more.length > 0 || !ID.test(localId) || !ID.test(remoteId))
        throw new Error(`standard input holds no pre-push line of git's: ${line.slice(0, 80)}`);
      return { localRef, localId: known(localId), remoteRef, remoteId: known(remoteId) };
    });
}

function known(id: string): string | undefined {
  return /^0+$/.test(id) ? undefined : id;
}

/**
 * What pre-commit hands over in its place (https://pre-commit.com/#pre-commit-during-push): both ends of one ref, or, for
 * a first push, only the names. Undefined where pre-commit did not start us.
 */
export function pushesOfPreCommit(env: NodeJS.ProcessEnv): readonly Push[] | undefined {
  const from = env.PRE_COMMIT_FROM_REF ?? env.PRE_COMMIT_ORIGIN;
  const to = env.PRE_COMMIT_TO_REF ?? env.PRE_COMMIT_SOURCE;
  const localRef = env.PRE_COMMIT_LOCAL_BRANCH ?? '';
  const remoteRef = env.PRE_COMMIT_REMOTE_BRANCH ?? '';
  if (to) return [{ localRef, localId: to, remoteRef, remoteId: from }];
  if (env.PRE_COMMIT_REMOTE_NAME && localRef)
    return [{ localRef, localId: localRef, remoteRef, remoteId: undefined }];
  return undefined;
}
