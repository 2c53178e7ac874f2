import type { Tree } from '../change/change-set.ts';
import { UserError } from '../errors.ts';
import { openRepository } from '../git/repository.ts';
import { nearest } from '../nearest.ts';
import { severityOf } from '../rule/claim.ts';
import { builtInRules } from '../rule/pages.ts';
import { severitiesOf } from '../rule/preset.ts';
import type { Rule } from '../rule/rule.ts';
import type { Request } from './arguments.ts';
import { writeResult } from './output.ts';
import { pageOf } from './page-of.ts';
import { pageText } from './page-text.ts';
import { readSetup } from './read-setup.ts';
import { treeOfSetup } from './setup-files.ts';
import { terminalOf } from './terminal.ts';

/** Lists the rules, the user's own after the built-in ones, with the severity that the configuration gives them. */
export async function rulesCommand(request: Request): Promise<number> {
  const { rules, severityOf } = await readRules(request);
  if (request.options.format === 'json') {
    const rows = rules.map((rule) => ({
      rule: rule.id,
      severity: severityOf(rule),
      title: rule.title,
      own: rule.own,
      path: rule.path,
    }));
    await writeResult(request.options, `${JSON.stringify(rows, undefined, 2)}\n`);
    return 0;
  }
  const width = Math.max(...rules.map(({ id }) => id.length));
  const lines = rules.map(
    (rule) =>
      `${rule.id.padEnd(width)}  ${severityOf(rule).padEnd(7)}  ${rule.title}${rule.own ? ` (${rule.path})` : ''}`,
  );
  await writeResult(request.options, `${lines.join('\n')}\n`);
  return 0;
}

/** Shows the page of one rule, with its examples. */
export async function explainCommand(request: Request): Promise<number> {
  const [id = ''] = request.words;
  const { rules, severityOf, tree } = await readRules(request);
  const rule = rules.find((one) => one.id === id);
  if (!rule) {
    const near = nearest(
      id,
      rules.map((one) => one.id),
    );
    throw new UserError(
      `There is no rule named ${id}.`,
      near ? `Did you mean \`tablewarden explain ${near}\`?` : 'Run `tablewarden rules` for their names.',
    );
  }
  const { color, width = 100 } = terminalOf(process.stdout, request.options.output !== undefined);
  await writeResult(request.options, pageText(id, severityOf(rule), await pageOf(rule, tree), color, width));
  return 0;
}

/** Rules need no repository; where there is one, its configuration and its own pages count. */
async function readRules(request: Request) {
  const tree = await setupTree(request.options.repo);
  const { config, ownRules } = await readSetup(tree, { configFile: request.options.config });
  const rules: readonly Rule[] = [...builtInRules(), ...ownRules];
  const severities = severitiesOf(rules, config);
  return { rules, tree, severityOf: (rule: Rule) => severityOf(rule, severities) };
}

async function setupTree(repo: string | undefined): Promise<Tree> {
  const repository = await openRepository(repo ?? '.').catch((error: unknown) => {
    if (repo === undefined && error instanceof UserError) return undefined;
    throw error;
  });
  return treeOfSetup(repository?.top ?? '.');
}
