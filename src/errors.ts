/** Exit codes of every door, as users' scripts rely on them. */
export const EXIT = { clean: 0, findings: 1, setup: 2, bug: 3 } as const;

/**
 * Trouble with the user's set-up (no repository, unknown revision, unreadable configuration).
 * Shown as two lines, what and what to do, without a stack; exit code 2.
 */
export class UserError extends Error {
  /** What to do about it, one sentence. */
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'UserError';
    this.remedy = remedy;
  }
}
