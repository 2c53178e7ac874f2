import { byNumber } from './tool.ts';

/** What the name of a Flyway file says. https://documentation.red-gate.com/flyway/flyway-concepts/migrations */
export interface FlywayName {
  readonly kind: 'versioned' | 'undo' | 'baseline' | 'repeatable';
  /** The parts of its version; none for a repeatable one. */
  readonly version: readonly string[];
  readonly description: string;
}

const KINDS = { V: 'versioned', U: 'undo', B: 'baseline' } as const;

/** Reads `V1_2__users.sql`, `U1_2__users.sql`, `B3__base.sql`, `R__views.sql`; undefined for any other name. */
export function parseFlyway(file: string): FlywayName | undefined {
  const repeatable = /^R__(.*)\.sql$/i.exec(file);
  if (repeatable) return { kind: 'repeatable', version: [], description: spaced(repeatable[1]) };
  const versioned = /^([VUB])(\d+(?:[._]\d+)*)__(.*)\.sql$/.exec(file);
  if (!versioned) return undefined;
  const [, letter = 'V', version = '', description] = versioned;
  return {
    kind: KINDS[letter as keyof typeof KINDS], // the pattern takes no other letter
    version: version.split(/[._]/),
    description: spaced(description),
  };
}

function spaced(text = ''): string {
  return text.replaceAll('_', ' ');
}

/** Compares versions part by part as numbers; what is missing is 0. */
export function byVersion(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = byNumber(a[i] ?? '0', b[i] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}
