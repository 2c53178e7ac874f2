import type { Api } from './api.ts';

/** Where a pull request is. */
export interface PullRequestAt {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}

/** A pull request, as far as it matters here. */
export interface PullRequest extends PullRequestAt {
  readonly repositoryId: number;
  readonly isOpen: boolean;
  /** The commit that it was merged with, where it was. */
  readonly mergedAs?: string;
  readonly isDraft: boolean;
  /** Its branch lies in another repository. */
  readonly isFork: boolean;
  readonly head: string;
  readonly base: { readonly branch: string; readonly sha: string };
  readonly commits: number;
  readonly changedFiles: number;
  /** Of the repository that it goes into: `https://github.com/octo/shop.git`. */
  readonly cloneUrl: string;
  readonly url: string;
}

/** Reads a pull request as it is now. */
export async function readPullRequest(api: Api, at: PullRequestAt): Promise<PullRequest> {
  const { data } = await api.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
    owner: at.owner,
    repo: at.repo,
    pull_number: at.number,
  });
  return {
    ...at,
    repositoryId: Number(data.base.repo.id),
    isOpen: data.state === 'open',
    ...(data.merged && data.merge_commit_sha ? { mergedAs: data.merge_commit_sha } : {}),
    isDraft: data.draft === true,
    isFork: data.head.repo?.id !== data.base.repo.id,
    head: data.head.sha,
    base: { branch: data.base.ref, sha: data.base.sha },
    commits: data.commits,
    changedFiles: data.changed_files,
    cloneUrl: data.base.repo.clone_url,
    url: data.html_url,
  };
}

/** Whether a commit is part of another one's history. */
export async function isPartOf(
  api: Api,
  { owner, repo }: Pick<PullRequestAt, 'owner' | 'repo'>,
  commit: string,
  of: string,
): Promise<boolean> {
  const { data } = await api.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${commit}...${of}`,
    per_page: 1,
    page: 2,
  });
  return data.merge_base_commit.sha === commit;
}

/** Who the token speaks as: `tablewarden[bot]`, `github-actions[bot]` or a person. */
export async function readViewer(api: Api): Promise<string> {
  const { viewer } = await api.graphql<{ readonly viewer: { readonly login: string } }>(
    '{ viewer { login } }',
  );
  return viewer.login;
}
