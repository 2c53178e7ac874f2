import type { Node } from 'oxc-parser';
import type { CodeModule } from '../../module.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import type { NamedColumn } from '../column-scope.ts';
import type { Entity } from './entity.ts';

/** How an ORM that declares tables by decorators names things. */
export interface Vocabulary {
  /** The packages whose decorators are meant. */
  readonly packages: RegExp;
  readonly entity: RegExp;
  readonly column: RegExp;
  readonly relation: RegExp;
  /** What its declarations tell of the database: columns whole, and keys too; else the names of columns alone. */
  readonly tells?: 'columns' | 'columns and keys';
  /** The names by convention. */
  tableOf(className: string): string;
  columnOf(property: string): NamedColumn;
  foreignKeyOf(property: string): NamedColumn;
  joinTableOf(owner: Entity, property: string, target: Entity): string;
}

/** Whether a decorator is one of the ORM's own. */
export function isOfPackage(
  module: CodeModule,
  callee: Node,
  { packages }: Vocabulary,
  modules: Modules,
): boolean {
  const traced = trace(module, callee, startTrail(modules));
  return traced.kind === 'external' && packages.test(traced.source);
}
