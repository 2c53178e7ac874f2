import type { LeftOut, MigrationFile } from '../chain.ts';
import { joined, type Layout } from './layout.ts';
import { codeMigrations } from './steps.ts';
import type { Draft } from './tool.ts';

/** Which files of a folder a tool runs, and in which order. */
export interface FileRule {
  /** Matches the names that it runs; the first group is what orders them. */
  readonly pattern: RegExp;
  /** Why it does not run the others. */
  readonly otherwise: string;
  readonly compare: (a: MigrationFile, b: MigrationFile) => number;
  /** What the tool calls a file; by default its name without `.sql`. */
  readonly name?: (file: string) => string;
  /** Matches the names of files that take one back; the first group is what orders that one. */
  readonly down?: RegExp;
}

/** The migrations of a folder of SQL files by a tool's rule; what it does not run is left out with the reason. */
export function orderedFiles(
  layout: Layout,
  folder: string,
  rule: FileRule,
): Pick<Draft, 'migrations' | 'leftOut'> {
  const names = layout.sql.get(folder) ?? [];
  const downs = new Map(
    names.flatMap((name) => {
      const order = rule.down?.exec(name)?.[1];
      return order === undefined ? [] : [[order, joined(folder, name)]];
    }),
  );
  const migrations: MigrationFile[] = [];
  const leftOut: LeftOut[] = [...codeMigrations(layout, folder)];
  for (const name of names) {
    const path = joined(folder, name);
    if (rule.down?.test(name)) continue;
    const order = rule.pattern.exec(name)?.[1];
    if (order === undefined) {
      leftOut.push({ path, reason: rule.otherwise });
      continue;
    }
    const downPath = downs.get(order);
    migrations.push({
      name: rule.name?.(name) ?? name.replace(/\.sql$/i, ''),
      path,
      id: layout.entries.get(path)?.id ?? '',
      order,
      ...(downPath === undefined ? {} : { downPath }),
    });
  }
  return { migrations: migrations.sort(rule.compare), leftOut };
}
