import type { Run } from './run.ts';
import type { Site, Value } from './value.ts';

/** A migration tool whose migrations are code: what it gives to them, and what its package exports. */
export interface CodeTool {
  /** Arguments that it calls `up` with. */
  given(run: Run): readonly Value[];
  /** Something that a package exports, by its path there; undefined where the tool does not know it. */
  external(source: string, path: readonly string[], run: Run): Value | undefined;
  /** A member that a migration's class has from the tool's own base class. */
  inherited?(name: string, site: Site): Value | undefined;
  /** Looks at what the file says beside `up`: settings of the migration. */
  settings?(run: Run, exported: (name: string) => Value | undefined): { readonly transactional?: boolean };
}
