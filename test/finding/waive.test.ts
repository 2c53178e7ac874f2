import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/finding/finding.ts';
import { type WaiveOptions, waive } from '../../src/finding/waive.ts';
import { findWaivers } from '../../src/finding/waiver.ts';

const RULES = ['table-dropped', 'column-dropped', 'conflict-marker'];

function finding(rule: string, line: number, more: Partial<Finding> = {}): Finding {
  return {
    ...{ rule, severity: 'warning', path: 'a.sql', line, column: 1, endLine: line, endColumn: 2 },
    ...{
      message: rule,
      subject: {},
      evidence: { kind: 'read', text: '' },
      fingerprint: `${rule}:${line}`,
      inSummary: false,
    },
    ...more,
  };
}

/** What becomes of findings in `a.sql`: those kept, those waived with why, and what is wrong with the waivers. */
function outcome(text: string, findings: readonly Finding[], options: Partial<WaiveOptions> = {}) {
  const { kept, waived, problems } = waive(findings, findWaivers('a.sql', text), {
    today: '2027-03-01',
    never: [],
    knownRules: RULES,
    ...options,
  });
  return {
    kept: kept.map(({ fingerprint }) => fingerprint),
    waived: waived.map(({ fingerprint, because }) => `${fingerprint} because ${because}`),
    problems: problems.map(({ rule, object, span, values }) => [rule, object, span.line, values]),
  };
}

const allow = (rules: string, rest = 'because it moved') =>
  `-- tablewarden: allow ${rules} ${rest}\nDROP TABLE a;\nDROP TABLE b;\n`;

describe('a waiver', () => {
  test('sets aside what it names, on what it covers, and nothing else', () => {
    const findings = [finding('table-dropped', 2), finding('column-dropped', 2), finding('table-dropped', 3)];
    expect(outcome(allow('table-dropped'), findings)).toEqual({
      kept: ['column-dropped:2', 'table-dropped:3'],
      waived: ['table-dropped:2 because it moved'],
      problems: [],
    });
  });

  test('covers a finding that starts above it and reaches it, and one that was said there', () => {
    expect(
      outcome(allow('table-dropped'), [finding('table-dropped', 1, { endLine: 2 })]).waived,
    ).toHaveLength(1);
    const span = { path: 'a.sql', line: 2, column: 1, endLine: 2, endColumn: 1 };
    const moved = finding('table-dropped', 9, { path: 'b.sql', was: span });
    expect(outcome(allow('table-dropped'), [moved]).waived).toHaveLength(1);
    expect(
      outcome(allow('table-dropped'), [finding('table-dropped', 2, { path: 'b.sql' })]).kept,
    ).toHaveLength(1);
  });

  test('for several rules is judged for each', () => {
    expect(outcome(allow('table-dropped, column-dropped'), [finding('table-dropped', 2)])).toMatchObject({
      kept: [],
      problems: [['waiver-unused', 'column-dropped', 1, { waived: 'column-dropped' }]],
    });
  });

  test('holds to the end of its day, by the date given', () => {
    const text = allow('table-dropped', 'because it moves until 2027-03-01');
    const one = [finding('table-dropped', 2)];
    expect(outcome(text, one, { today: '2027-02-28' })).toMatchObject({ kept: [], problems: [] });
    expect(outcome(text, one, { today: '2027-03-01' })).toMatchObject({ kept: [], problems: [] });
    expect(outcome(text, one, { today: '2027-03-02' })).toEqual({
      kept: ['table-dropped:2'],
      waived: [],
      problems: [['waiver-expired', 'table-dropped', 1, { waived: 'table-dropped', until: '2027-03-01' }]],
    });
  });

  test('that ran out beside one that holds is told, and the finding is set aside', () => {
    const text = `-- tablewarden: allow table-dropped because of old until 2020-01-01\n${allow('table-dropped')}`;
    expect(outcome(text, [finding('table-dropped', 3)])).toMatchObject({
      kept: [],
      waived: ['table-dropped:3 because it moved'],
      problems: [['waiver-expired', 'table-dropped', 1, {}]],
    });
  });

  test('allows nothing of a rule that may never be waived, and says so', () => {
    expect(
      outcome(allow('table-dropped'), [finding('table-dropped', 2)], { never: ['table-dropped'] }),
    ).toEqual({
      kept: ['table-dropped:2'],
      waived: [],
      problems: [['waiver-forbidden', 'table-dropped', 1, { waived: 'table-dropped' }]],
    });
  });

  test.each([
    ['without a reason', allow('table-dropped', ''), 'waiver-without-reason', { waived: 'table-dropped' }],
    [
      'with a day that there is not',
      allow('table-dropped', 'because it moved until 2027-02-30'),
      'waiver-not-understood',
      { waived: 'table-dropped', reason: '2027-02-30 is no day such as 2027-03-01' },
    ],
    [
      'of a rule that there is not',
      allow('table-droped'),
      'waiver-of-unknown-rule',
      { waived: 'table-droped', nearest: 'table-dropped' },
    ],
    [
      'in other words',
      allow('table-dropped').replace('allow', 'ignore'),
      'waiver-not-understood',
      { waived: '', reason: 'its words are not the ones that are read' },
    ],
  ])('%s allows nothing and is told', (_, text, rule, values) => {
    const { kept, problems } = outcome(text, [finding('table-dropped', 2)]);
    expect(kept).toEqual(['table-dropped:2']);
    expect(problems).toMatchObject([[rule, expect.any(String), 1, values]]);
  });
});

describe('a waiver that nothing needs', () => {
  const unused = [['waiver-unused', 'table-dropped', 1, { waived: 'table-dropped' }]];

  test('is told', () => {
    expect(outcome(allow('table-dropped'), []).problems).toEqual(unused);
  });

  test('is in use where what it allows stands there and is no news', () => {
    const standing = [{ rule: 'table-dropped', path: 'a.sql', line: 2, endLine: 2 }];
    expect(outcome(allow('table-dropped'), [], { standing }).problems).toEqual([]);
  });

  test('is not told of a rule that was not run', () => {
    expect(outcome(allow('table-dropped'), [], { ran: new Set(['column-dropped']) }).problems).toEqual([]);
    expect(outcome(allow('table-dropped'), [], { ran: new Set(['table-dropped']) }).problems).toEqual(unused);
  });

  test('is told only where the change touches it or what it covers', () => {
    const touching = (line: number, count = 1) => ({ hunks: new Map([['a.sql', [{ line, count }]]]) });
    expect(outcome(allow('table-dropped'), [], touching(1)).problems).toEqual(unused);
    expect(outcome(allow('table-dropped'), [], touching(2)).problems).toEqual(unused);
    expect(outcome(allow('table-dropped'), [], touching(2, 0)).problems).toEqual(unused);
    expect(outcome(allow('table-dropped'), [], touching(3)).problems).toEqual([]);
    expect(outcome(allow('table-dropped'), [], { hunks: new Map() }).problems).toEqual([]);
  });
});
