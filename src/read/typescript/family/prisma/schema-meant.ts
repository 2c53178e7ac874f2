import { posix } from 'node:path';
import type { Node } from 'oxc-parser';
import type { PrismaSchema } from '../../../prisma/schema.ts';
import { whyPassedOver } from '../../../tool/passed-over.ts';
import type { CodeModule } from '../../module.ts';
import type { Modules } from '../../trail.ts';
import { clientOf } from './client.ts';

/**
 * Of several schemas that have a model, the one that a client is of: the one near to where the client is made or its type is
 * written, else the one whose package the file imports from, else the nearest to the file.
 */
export function schemaMeant(
  schemas: readonly PrismaSchema[],
  module: CodeModule,
  hints: readonly string[],
  modules: Modules,
): PrismaSchema {
  const among = withoutExamples(schemas);
  if (among.length === 0) throw new Error('a model is of at least one schema');
  return toldSchema(among, module, hints, modules) ?? nearest(among, module.path, false) ?? largest(among);
}

/** The schema that a client is of, where anything but nearness to the file tells it. */
export function schemaOfClient(
  schemas: readonly PrismaSchema[],
  module: CodeModule,
  client: Node,
  modules: Modules,
): PrismaSchema | undefined {
  const told = clientOf(module, client, modules);
  if (told.kind === 'other') return undefined;
  return toldSchema(withoutExamples(schemas), module, told.hints, modules);
}

function withoutExamples(schemas: readonly PrismaSchema[]): readonly PrismaSchema[] {
  const real = schemas.filter(
    ({ path }) => whyPassedOver(posix.dirname(path)) === undefined && !/(^|\/)docs?\//.test(path),
  );
  return real.length > 0 ? real : schemas;
}

function toldSchema(
  among: readonly PrismaSchema[],
  module: CodeModule,
  hints: readonly string[],
  modules: Modules,
): PrismaSchema | undefined {
  if (among.length <= 1) return among[0];
  const byHints = hints.flatMap((hint) => nearest(among, hint, true) ?? [])[0];
  if (byHints) return byHints;
  const imported = new Set(importsOf(module, modules).flatMap((path) => nearest(among, path, true) ?? []));
  const [only] = imported;
  return imported.size === 1 ? only : undefined;
}

/** The schema whose client or package holds a path; `within`: sharing a folder is not enough where others share as much. */
function nearest(schemas: readonly PrismaSchema[], path: string, within: boolean): PrismaSchema | undefined {
  const made = schemas.filter(({ outputs }) =>
    outputs.some((folder) => path === folder || path.startsWith(`${folder}/`)),
  );
  if (made.length === 1) return made[0];
  const shared = schemas.map((schema) => sharedFolders(posix.dirname(schema.path), path));
  const most = Math.max(...shared);
  const closest = schemas.filter((_, index) => shared[index] === most);
  if (closest.length === 1) return closest[0];
  return within ? undefined : largest(closest);
}

/** The one with most models. */
function largest(schemas: readonly PrismaSchema[]): PrismaSchema {
  return schemas.reduce((best, one) => (one.models.size > best.models.size ? one : best));
}

function importsOf(module: CodeModule, modules: Modules): readonly string[] {
  return module.program.body.flatMap((statement) => {
    if (statement.type !== 'ImportDeclaration') return [];
    const target = modules.resolve(module.path, statement.source.value);
    return target.kind === 'file' ? target.path : [];
  });
}

function sharedFolders(folder: string, path: string): number {
  const [left, right] = [folder.split('/'), path.split('/').slice(0, -1)];
  let shared = 0;
  while (shared < left.length && left[shared] === right[shared]) shared++;
  return shared;
}
