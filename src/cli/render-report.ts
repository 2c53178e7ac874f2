import { randomUUID } from 'node:crypto';
import type { ChangeSet, Tree } from '../change/change-set.ts';
import type { Report } from '../report/report.ts';
import type { SarifRule } from '../report/sarif.ts';
import type { Rule } from '../rule/rule.ts';
import type { ReportFormat } from './commands.ts';
import { pageOf } from './page-of.ts';
import type { Setup } from './read-setup.ts';
import { sourceLines } from './source-lines.ts';
import type { Terminal } from './terminal.ts';
import { HOME, pageUrl } from './version.ts';

/** What renderers ask of a run beyond its report. */
export interface RenderContext {
  readonly changeSet: ChangeSet;
  readonly setup: Setup;
  /** Where the user's own rule pages were read. */
  readonly setupTree: Tree;
}

/** A report in one format; each format's code is loaded only where it is asked for. */
export async function renderReport(
  format: ReportFormat,
  report: Report,
  context: RenderContext,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case 'json': {
      const { toJson } = await import('../report/json.ts');
      return toJson(report);
    }
    case 'sarif': {
      const { toSarif } = await import('../report/sarif.ts');
      return toSarif(report, { rules: await sarifRules(context), home: HOME });
    }
    case 'markdown': {
      const { toMarkdown } = await import('../report/markdown.ts');
      return toMarkdown(report, { ruleLink: ruleLinks(context.setup) });
    }
    case 'github': {
      const { toGithub } = await import('../report/github.ts');
      return toGithub(report, { token: randomUUID(), log: await pretty(report, context, terminal) });
    }
    default:
      return pretty(report, context, terminal);
  }
}

async function pretty(report: Report, { changeSet }: RenderContext, terminal: Terminal): Promise<string> {
  const { toPretty } = await import('../report/pretty.ts');
  return toPretty(report, { ...terminal, sourceLine: await sourceLines(changeSet, report) });
}

/** Pages of the user's own are in their repository, and have no address that is known here. */
export function ruleLinks({
  ownRules,
}: {
  readonly ownRules: readonly Pick<Rule, 'id'>[];
}): (rule: string) => string | undefined {
  const own = new Set(ownRules.map(({ id }) => id));
  return (rule) => (own.has(rule) ? undefined : pageUrl(`rules/${rule}.md`));
}

/** Every rule with the severity that the configuration gives it and the help that its page holds. */
export async function sarifRules({ setup, setupTree }: RenderContext): Promise<readonly SarifRule[]> {
  const { builtInRules } = await import('../rule/pages.ts');
  const { helpOf } = await import('../rule/help.ts');
  const { severityOf } = await import('../rule/claim.ts');
  const { severitiesOf } = await import('../rule/preset.ts');
  const rules = [...builtInRules(), ...setup.ownRules];
  const severities = severitiesOf(rules, setup.config);
  return Promise.all(
    rules.map(async (rule) => ({
      ...rule,
      severity: severityOf(rule, severities),
      help: helpOf(await pageOf(rule, setupTree)),
    })),
  );
}
