/** Seconds that a run waits for a limit of GitHub's before it gives up and is tried later. */
export const longestWait = 300;

/** The status of GitHub's answer; undefined where the trouble is none of GitHub's, or there was no answer. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status, response } = error as { readonly status: unknown; readonly response?: unknown };
  return typeof status === 'number' && response !== undefined ? status : undefined;
}

/** Whether nobody knows if a request was done: no answer came, or one of a broken server. Not to be sent again blindly. */
export function isUncertain(error: unknown): boolean {
  const status = statusOf(error);
  const unanswered =
    status === undefined && error instanceof Error && 'status' in error && 'request' in error;
  return unanswered || (status !== undefined && status >= 500);
}

/** Whether the token may not do it: GitHub says 403, and 404 of what must not even be seen. */
export function isForbidden(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== 403) return status === 404;
  return !/rate limit|too quickly/i.test(error instanceof Error ? error.message : '');
}

/** Whether GitHub refused what was said, as a comment on a line that is in no hunk. */
export function isRefused(error: unknown): boolean {
  return statusOf(error) === 422;
}
