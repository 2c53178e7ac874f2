import { openCache } from '../../src/cache/cache.ts';
import { treeOfCommit } from '../../src/change/commit-tree.ts';
import { changeOfCommits } from '../../src/change/from-git.ts';
import { check } from '../../src/check.ts';
import { readSetup } from '../../src/cli/read-setup.ts';
import { ruleLinks } from '../../src/cli/render-report.ts';
import { openRepository } from '../../src/git/repository.ts';
import { type Api, openApi } from '../../src/github/api.ts';
import { completeCheck, findChecks, startCheck } from '../../src/github/check-run.ts';
import { publishComments } from '../../src/github/publish.ts';
import { readPullRequest, readViewer } from '../../src/github/pull-request.ts';
import { shownLines } from '../../src/github/shown-lines.ts';
import type { ProofMode } from '../../src/prove/prove-change.ts';
import type { Report } from '../../src/report/report.ts';
import { mergeBaseOf } from '../harness/github/git.ts';
import type { Github } from '../harness/github/github.ts';
import type { Hosted, Pull } from '../harness/github/state.ts';

/** GitHub's API, whose seconds are short here: the double's clock is its own. */
export function quickApi(github: Github, token: (isOver: boolean) => string): Api {
  const { url: baseUrl } = github;
  return openApi({
    baseUrl,
    token: async (isOver) => token(isOver),
    identity: 'test',
    version: '0',
    second: 5,
  });
}

/**
 * Judges a pull request as it is in the double, and says it there with an app's token: the check run, the comments. What the
 * doors add around it, events and fetches, is theirs to show.
 */
export async function review(
  api: Api,
  shop: Hosted,
  pull: Pull,
  { appId, prove = 'off' }: { readonly appId: number; readonly prove?: ProofMode },
): Promise<{ readonly report: Report; readonly unposted: string | undefined }> {
  const at = { owner: shop.owner, repo: shop.name, number: pull.number };
  const { head, isDraft } = await readPullRequest(api, at);
  const purpose = `pull request ${pull.number} into ${pull.baseRef}`;
  const [known] = await findChecks(api, { ...at, head }, { appId, purpose });
  const started = await startCheck(api, { ...at, head }, { known, purpose });
  const repository = await openRepository(shop.folder);
  const changeSet = await changeOfCommits(repository, mergeBaseOf(shop, pull), head);
  const setup = await readSetup(treeOfCommit(repository, pull.baseSha));
  const { config, ownRules } = setup;
  const report = await check(changeSet, {
    config,
    ownRules,
    all: false,
    prove: { mode: prove, make: prove === 'full' },
    failOn: 'error',
    cache: openCache(undefined),
  });
  const markdown = { ruleLink: ruleLinks(setup) };
  await completeCheck(api, { ...at, head }, started, report, markdown);
  const unposted = await publishComments(api, at, await readViewer(api), {
    report,
    head,
    hunksOf: shownLines(repository, changeSet),
    markdown,
    isDraft,
    fixed: config.review.fixed,
  });
  return { report, unposted };
}
