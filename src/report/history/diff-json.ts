import { alterationJson } from './alteration-json.ts';
import type { SchemaDiff } from './diff-text.ts';

/** The differences as JSON: `history.schema.json` describes it. */
export function diffJson({ from, to, chains }: SchemaDiff): string {
  const document = {
    ...{ from, to },
    chains: chains.map(({ alterations, ...chain }) => ({
      ...chain,
      changes: alterations.map(alterationJson),
    })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
