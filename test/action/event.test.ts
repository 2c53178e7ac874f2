import { describe, expect, test } from 'vitest';
import { readEvent } from '../../src/action/event.ts';

const [BASE, HEAD] = ['a'.repeat(40), 'b'.repeat(40)];

function pull(headRepo: unknown) {
  const base = { sha: BASE, repo: { full_name: 'octo/shop' } };
  return { pull_request: { number: 7, commits: 3, base, head: { sha: HEAD, repo: headRepo } } };
}

describe('an event', () => {
  test.each([
    ['of the repository itself', { full_name: 'octo/shop' }, false],
    ['of a fork', { full_name: 'stranger/shop' }, true],
    ['of a fork that is gone', null, true],
  ])('a pull request %s', (_, repo, fork) => {
    expect(readEvent('pull_request', pull(repo))).toEqual({
      name: 'pull_request',
      sides: { base: { commit: BASE }, head: HEAD, commits: 3 },
      pullRequest: { number: 7, fork, draft: false },
    });
  });

  test('a push of a tag is compared with the default branch', () => {
    const payload = {
      ref: 'refs/tags/v1',
      before: '0'.repeat(40),
      after: HEAD,
      repository: { default_branch: 'trunk' },
    };
    expect(readEvent('push', payload).sides).toEqual({ base: { branch: 'trunk' }, head: HEAD });
  });

  test('that compares nothing has no sides', () => {
    expect(readEvent('schedule', {})).toEqual({ name: 'schedule' });
    expect(readEvent('issue_comment', pull(null))).toEqual({ name: 'issue_comment' });
  });

  test.each([
    ['pull_request', {}, 'pull_request.base.sha'],
    ['pull_request', null, 'pull_request.base.sha'],
    ['pull_request', { pull_request: { base: { sha: 'main; rm' } } }, 'pull_request.base.sha'],
    ['push', { after: HEAD }, 'before'],
    ['push', { before: BASE, after: HEAD, repository: { default_branch: 1 } }, 'repository.default_branch'],
    ['merge_group', { merge_group: { base_sha: BASE, head_sha: '--upload-pack=x' } }, 'merge_group.head_sha'],
  ])('%s that does not say what it must: %j', (name, payload, key) => {
    expect(() => readEvent(name, payload)).toThrow(`The event ${name} does not say ${key}.`);
  });
});
