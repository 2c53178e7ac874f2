/** How forges write the number of a request into the message with which they merge it. */
const MERGES: readonly RegExp[] = [
  /^Merge pull request #(\d+) /, // GitHub, Gitea
  /^Merged? PR #?(\d+)[:\s]/, // Azure DevOps
  /^Merged in .* \(pull request #(\d+)\)/, // Bitbucket
  /^See merge request [^\s!]*!(\d+)$/m, // GitLab
];

/** GitHub's squash and rebase, Gitea's likewise: at the end of the subject; a revert names the one that it takes back before. */
const SQUASHED = /\(#(\d+)\)\s*$/;

/** The number of the pull, or merge, request that a commit's message says it came with. */
export function pullRequestOf(message: string): number | undefined {
  for (const pattern of MERGES) {
    const found = pattern.exec(message)?.[1];
    if (found !== undefined) return Number(found);
  }
  const [subject = ''] = message.split('\n');
  const found = SQUASHED.exec(subject)?.[1];
  return found === undefined ? undefined : Number(found);
}
