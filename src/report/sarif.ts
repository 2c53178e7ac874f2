import type { Invocation, Location, Log, Notification, ReportingDescriptor, Result } from 'sarif';
import { startOfFile } from '../change/span.ts';
import type { Finding, WaivedFinding } from '../finding/finding.ts';
import type { Rule } from '../rule/rule.ts';
import { plain, shortened, uriPath } from './escape.ts';
import { explanation } from './evidence.ts';
import type { Report } from './report.ts';

/** What SARIF says beyond the report. */
export interface SarifOptions {
  readonly rules: readonly SarifRule[];
  /** Where the tool lives: `https://github.com/tablewarden/tablewarden`. */
  readonly home: string;
}

/** A rule with what its page tells the reader, as Markdown. */
export interface SarifRule
  extends Pick<Rule, 'id' | 'own' | 'path' | 'severity' | 'title' | 'summary' | 'dialects'> {
  readonly help: string;
}

/** GitHub rejects a file with more (https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning). */
const MOST_RESULTS = 25_000;
const LONGEST_DESCRIPTION = 1024;

const RANK = { error: 0, warning: 1, note: 2 } as const;

/**
 * A report as SARIF 2.1.0. Fingerprints stand under a key of our own: `primaryLocationLineHash` belongs to GitHub's upload
 * action, which warns of every value that it did not compute itself. Columns count UTF-16 code units, ends are exclusive.
 */
export function toSarif(report: Report, { rules, home }: SarifOptions): string {
  const said = [...report.findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const results = [...said, ...report.waived].slice(0, MOST_RESULTS);
  const left = report.findings.length + report.waived.length - results.length;
  const index = new Map(rules.map((rule, at) => [rule.id, at]));
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Tablewarden',
            version: report.version,
            informationUri: home,
            rules: rules.map((rule) => descriptor(rule, `${home}/blob/v${report.version}/`)),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The top of the repository.' } } },
        invocations: [invocation(report, left, index)],
        results: results.map((finding) => result(finding, index.get(finding.rule))),
        properties: { base: report.base, head: report.head, conclusion: report.conclusion },
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function descriptor(rule: SarifRule, pages: string): ReportingDescriptor {
  const { id, own, path, severity, title, summary, dialects, help } = rule;
  return {
    id,
    name: id,
    shortDescription: { text: shortened(plain(title), LONGEST_DESCRIPTION) },
    fullDescription: { text: shortened(plain(summary), LONGEST_DESCRIPTION) },
    help: { text: help, markdown: help },
    ...(own ? {} : { helpUri: pages + path }),
    defaultConfiguration: severity === 'off' ? { enabled: false } : { level: severity },
    properties: { tags: ['database', 'migrations', ...dialects] },
  };
}

function result(finding: Finding | WaivedFinding, ruleIndex: number | undefined): Result {
  const { rule, severity, fingerprint, was, evidence, subject, chain, inSummary } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: severity,
    message: { text: literal(explanation(finding)) },
    locations: [location(finding)],
    ...(was ? { relatedLocations: [{ id: 1, ...location(was), message: { text: 'Said of' } }] } : {}),
    partialFingerprints: { 'tablewarden/v1': fingerprint },
    ...('because' in finding ? { suppressions: [suppression(finding)] } : {}),
    properties: { chain, subject, evidence, ...(inSummary ? { inSummary } : {}) },
  };
}

function suppression({ because, until }: WaivedFinding) {
  const justification = plain(because) + (until ? ` until ${plain(until)}` : '');
  return { kind: 'inSource' as const, status: 'accepted' as const, justification };
}

/** What was not read, not proved or not judged; GitHub shows it on the page of the tool's status. */
function invocation(report: Report, left: number, index: ReadonlyMap<string, number>): Invocation {
  const { coverage, notJudged, proof, dismissed } = report;
  const unread = coverage.notAnalysed.map((part) =>
    notice('note', `Not analysed: ${plain(part.reason)}`, part),
  );
  const unmeasured = (coverage.profiles ?? []).flatMap(({ path, notRead }) =>
    notRead === undefined
      ? []
      : [notice('note', `Profile not read whole: ${plain(notRead)}`, startOfFile(path))],
  );
  const untried = proof.flatMap(({ engine, migrations }) =>
    migrations.flatMap(({ path, verdict, reason, died }) =>
      verdict === 'not tried'
        ? [
            notice(
              died ? 'warning' : 'note',
              `${plain(engine)} did not try this migration${reason ? `: ${plain(reason)}` : ''}`,
              startOfFile(path),
            ),
          ]
        : [],
    ),
  );
  const unjudged = notJudged.map(({ rule, reason, places }): Notification => {
    const at = index.get(rule);
    return {
      ...notice('note', `${rule} ${places ? 'leaves open' : 'was not judged'}: ${plain(reason)}`),
      ...(places ? { locations: places.map(location) } : {}),
      associatedRule: at === undefined ? { id: rule } : { id: rule, index: at },
    };
  });
  const said = [
    ...(dismissed.length > 0 ? [notice('note', `A trial contradicted ${dismissed.length} claims.`)] : []),
    ...(left > 0
      ? [notice('warning', `${left} more findings are left out: a file holds ${MOST_RESULTS}.`)]
      : []),
  ];
  return {
    executionSuccessful: true,
    toolExecutionNotifications: [...unread, ...unmeasured, ...untried, ...unjudged, ...said],
  };
}

function notice(level: 'note' | 'warning', text: string, span?: Place): Notification {
  return { level, message: { text: literal(text) }, ...(span ? { locations: [location(span)] } : {}) };
}

type Place = Pick<Finding, 'path' | 'line' | 'column' | 'endLine' | 'endColumn'>;

function location({ path, line, column, endLine, endColumn }: Place): Location {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriPath(path), uriBaseId: '%SRCROOT%' },
      region: { startLine: line, startColumn: column, endLine, endColumn },
    },
  };
}

/** In SARIF's messages `[text](target)` is a link and `{0}` a placeholder: a name of the repository's is neither. */
function literal(text: string): string {
  const linked = /\]\s*\(/.test(text) ? text.replace(/[[\]\\]/g, '\\$&') : text;
  return /\{\d+\}/.test(linked) ? linked.replace(/[{}]/g, '$&$&') : linked;
}
