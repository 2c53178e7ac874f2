import { pageOf } from '../cli/page-of.ts';
import { pageUrl } from '../cli/version.ts';
import type { Api } from '../github/api.ts';
import { readPullRequest } from '../github/pull-request.ts';
import { statusOf } from '../github/trouble.ts';
import { nearest } from '../nearest.ts';
import { code } from '../report/markdown/escape.ts';
import { helpOf } from '../rule/help.ts';
import { builtInRules } from '../rule/pages.ts';
import type { CommandTask } from './answer-command.ts';

/** Characters of an answer. */
const ROOM = 30_000;

/** A rule's page: of a rule of the repository's own, where it is at the base. */
export async function explainRule(api: Api, task: CommandTask, rule: string): Promise<string> {
  const known = builtInRules().find(({ id }) => id === rule);
  if (known) {
    const help = helpOf(await pageOf({ own: false, path: known.path }, NOTHING));
    return `${help.slice(0, ROOM)}\n\n[The whole page](${pageUrl(`rules/${rule}.md`)})`;
  }
  const { owner, repo, number } = task;
  const { base } = await readPullRequest(api, { owner, repo, number });
  const path = `.tablewarden/rules/${rule}.md`;
  try {
    const { data } = await api.request('GET /repos/{owner}/{repo}/contents/{path}', {
      ...{ owner, repo, path, ref: base.branch },
    });
    const link = !Array.isArray(data) && data.html_url;
    return `${code(rule)} is a rule of this repository: ${link ? `[${code(path)}](${link})` : code(path)}.`;
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  const near = nearest(
    rule,
    builtInRules().map(({ id }) => id),
  );
  return `There is no rule ${code(rule)}.${near ? ` Did you mean ${code(near)}?` : ''}`;
}

const NOTHING = { name: 'nothing', entries: async () => new Map(), read: async () => new Map() };
