import type { Operation } from '../../schema/operation.ts';
import type { Statement } from '../source.ts';
import type { Reading } from './reading.ts';

/** Words that open statements of DuckDB's own on which no schema as modelled depends. */
const WITHOUT_EFFECT =
  /^(install|load|pragma|checkpoint|force\s+checkpoint|vacuum|analyze|describe|summarize|show|use|set|reset|export|call)\b/i;

/** What is known of a statement that only DuckDB's own grammar takes; the proof tells whether DuckDB accepts it. */
export function duckdbOnly(reading: Reading): Pick<Statement, 'operations' | 'notModelled'> {
  const match = WITHOUT_EFFECT.exec(reading.text);
  if (match) {
    const operation: Operation = {
      kind: 'no-effect',
      what: (match[1] ?? '').toUpperCase(),
      span: reading.whole,
    };
    return { operations: [operation] };
  }
  const words = reading.text.slice(0, 60).split(/\s+/).slice(0, 3).join(' ').toUpperCase();
  return { operations: [], notModelled: `DuckDB syntax that is not read yet: ${words} …` };
}
