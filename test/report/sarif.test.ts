import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Log, Run } from 'sarif';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { type SarifRule, toSarif } from '../../src/report/sarif.ts';
import { helpOf } from '../../src/rule/help.ts';
import { builtInRules } from '../../src/rule/pages.ts';
import { HOSTILE } from './hostile.ts';
import { findingOf, reportOf } from './report-of.ts';

/** The schema of SARIF 2.1.0; draft 4's words for the schema itself are the only ones that ajv does not know. */
const {
  $schema: _,
  id: __,
  ...schema
} = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
    'utf8',
  ),
);
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

const RULES: readonly SarifRule[] = builtInRules().map((rule) => ({
  ...rule,
  help: helpOf(readFileSync(rule.path, 'utf8')),
}));

function sarif(report: Report): Run {
  const log: Log = JSON.parse(
    toSarif(report, { rules: RULES, home: 'https://github.com/tablewarden/tablewarden' }),
  );
  validate(log);
  expect(validate.errors ?? []).toEqual([]);
  return log.runs[0]!;
}

const SPAN = { path: 'migrations/2_orders.sql', line: 4, column: 1, endLine: 4, endColumn: 9 };

describe('a report as SARIF', () => {
  test('without findings keeps to the schema and names every rule', () => {
    const run = sarif(reportOf());
    expect(run.results).toEqual([]);
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.tool.driver.rules).toHaveLength(RULES.length);
  });

  test('a finding: its rule, its region with an exclusive end, its fingerprint, and where it was said', () => {
    const finding = findingOf({ was: { ...SPAN, path: 'migrations/1_customers.sql' } });
    const run = sarif(reportOf({ findings: [finding] }));
    const [result] = run.results ?? [];
    expect(run.tool.driver.rules?.[result?.ruleIndex ?? -1]?.id).toBe('foreign-key-without-index');
    expect(result).toMatchObject({
      ruleId: 'foreign-key-without-index',
      level: 'warning',
      partialFingerprints: { 'tablewarden/v1': '9f2c1aa0' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'migrations/2_orders.sql', uriBaseId: '%SRCROOT%' },
            region: { startLine: 3, startColumn: 31, endLine: 3, endColumn: 56 },
          },
        },
      ],
      relatedLocations: [{ physicalLocation: { artifactLocation: { uri: 'migrations/1_customers.sql' } } }],
    });
  });

  test('leaves the fingerprint that GitHub computes itself to GitHub, whose upload warns of any other', () => {
    const [result] = sarif(reportOf({ findings: [findingOf()] })).results ?? [];
    expect(Object.keys(result?.partialFingerprints ?? {})).toEqual(['tablewarden/v1']);
  });

  test('a rule: what its page says, without what the page says to machines', () => {
    const rules = sarif(reportOf()).tool.driver.rules ?? [];
    const rule = rules.find(({ id }) => id === 'foreign-key-without-index');
    expect(rule?.shortDescription?.text).toBe('A foreign key that no index leads with');
    expect(rule?.helpUri).toMatch(/\/rules\/foreign-key-without-index\.md$/);
    expect(rule?.help?.markdown).toContain('```sql\nCREATE INDEX');
    expect(rule?.help?.markdown).not.toMatch(/## (Message|Query|Flagged)|```\w+ instead|^severity:/m);
    for (const one of rules) {
      expect(one.fullDescription?.text.length).toBeLessThanOrEqual(1024);
      expect(one.properties?.tags?.length).toBeLessThanOrEqual(10);
    }
  });

  test('a waived finding is suppressed with its reason', () => {
    const waived = [{ ...findingOf(), because: 'read only at night', until: '2027-03-01' }];
    const [result] = sarif(reportOf({ waived })).results ?? [];
    expect(result?.suppressions).toEqual([
      { kind: 'inSource', status: 'accepted', justification: 'read only at night until 2027-03-01' },
    ]);
  });

  test('what was not read, proved or judged is notified', () => {
    const run = sarif(
      reportOf({
        conclusion: 'neutral',
        coverage: { files: 1, statements: 2, analysed: 1, notAnalysed: [{ ...SPAN, reason: 'CREATE RULE' }] },
        proof: [
          {
            engine: 'DuckDB 1.5.6',
            chain: 'migrations',
            lowered: true,
            from: 'slice',
            migrations: [
              {
                path: SPAN.path,
                verdict: 'not tried',
                statements: [],
                reason: 'time limit of 10 s',
                died: true,
              },
            ],
          },
        ],
        notJudged: [
          { rule: 'own-rule', reason: 'it ran for more than 2 s' },
          { rule: 'own-rule', reason: 'a loop', places: [SPAN] },
        ],
      }),
    );
    const [invocation] = run.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(true);
    expect(
      invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text]),
    ).toEqual([
      ['note', 'Not analysed: CREATE RULE'],
      ['warning', 'DuckDB 1.5.6 did not try this migration: time limit of 10 s'],
      ['note', 'own-rule was not judged: it ran for more than 2 s'],
      ['note', 'own-rule leaves open: a loop'],
    ]);
    const [place] = invocation?.toolExecutionNotifications?.at(-1)?.locations ?? [];
    expect(place?.physicalLocation?.region?.startLine).toBe(SPAN.line);
  });

  test('holds no more than GitHub accepts, the worst first, and says how many are left out', () => {
    const findings = [
      ...Array.from({ length: 25_000 }, () => findingOf({ severity: 'note' })),
      findingOf({ severity: 'error' }),
    ];
    const run = JSON.parse(toSarif(reportOf({ findings }), { rules: [], home: 'https://example.org' }))
      .runs[0];
    expect(run.results).toHaveLength(25_000);
    expect(run.results[0].level).toBe('error');
    expect(JSON.stringify(run.invocations)).toContain('1 more findings are left out');
  });

  test.each(HOSTILE)('%j makes no link, no placeholder and no other file', (name) => {
    const findings = [
      findingOf({ path: `migrations/${name}.sql`, message: name, instead: { language: name, text: name } }),
    ];
    const [result] = sarif(reportOf({ findings, notJudged: [{ rule: 'own', reason: name }] })).results ?? [];
    const text = result?.message.text ?? '';
    expect(text).not.toMatch(/(?<!\\)\[[^\]\\]*\]\(|(?<!\{)\{\d+\}(?!\})/);
    const uri = result?.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '';
    expect(decodeURIComponent(uri)).toBe(`migrations/${name.replace(/\p{Surrogate}/gu, '\ufffd')}.sql`);
    expect(new URL(uri, 'https://base.example/').origin).toBe('https://base.example');
  });
});
