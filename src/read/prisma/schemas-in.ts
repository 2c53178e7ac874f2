import { posix } from 'node:path';
import { whyPassedOver } from '../tool/passed-over.ts';
import { parsePrisma } from './parse-schema.ts';
import type { PrismaFile, PrismaSchema } from './schema.ts';
import { toSchema } from './to-schema.ts';

/** A file by its path and text. */
interface FileText {
  readonly path: string;
  readonly text: string;
}

const known = new WeakMap<readonly FileText[], readonly PrismaSchema[]>();

/**
 * The schemas that the `.prisma` files of a tree make up: each datasource is one, with the files of its folder and below that
 * have none of their own, and files elsewhere go to the datasource that shares most folders with them.
 */
export function schemasIn(texts: readonly FileText[]): readonly PrismaSchema[] {
  const before = known.get(texts);
  if (before) return before;
  const files = texts.map((one): PrismaFile => ({ ...one, read: parsePrisma(one.text) }));
  const anchors = files.filter(hasDatasource);
  const groups = new Map<PrismaFile, PrismaFile[]>(anchors.map((file) => [file, [file]]));
  const lone: PrismaFile[] = [];
  for (const file of files) {
    if (hasDatasource(file)) continue;
    const anchor = anchorOf(file, anchors);
    if (anchor) groups.get(anchor)?.push(file);
    else lone.push(file);
  }
  const found = [...groups].map(([anchor, members]) => toSchema(anchor.path, members));
  const rest = lone.map((file) => toSchema(file.path, [file]));
  const schemas = [...found, ...rest].filter(
    (schema) => schema.models.size > 0 || schema.files.some(isBroken),
  );
  known.set(texts, schemas);
  return schemas;
}

function hasDatasource({ read }: PrismaFile): boolean {
  return read.blocks.some((block) => block.kind === 'datasource');
}

function isBroken({ read }: PrismaFile): boolean {
  return read.trouble !== undefined;
}

/** Of datasources at the same distance the one that has fewer models of its own: `base.prisma` beside `schema.sqlite.prisma`. */
function anchorOf(file: PrismaFile, anchors: readonly PrismaFile[]): PrismaFile | undefined {
  const folder = posix.dirname(file.path);
  const beneath = anchors.filter(({ path }) => isWithin(folder, posix.dirname(path)));
  const depth = (path: string) => path.split('/').length;
  const closest = Math.max(...beneath.map(({ path }) => depth(path)));
  const among =
    beneath.length > 0
      ? beneath.filter(({ path }) => depth(path) === closest)
      : anchors.filter(({ path }) => isBeside(folder, posix.dirname(path)));
  const models = ({ read }: PrismaFile) => read.blocks.filter((block) => block.kind === 'model').length;
  return [...among].sort((a, b) => models(a) - models(b))[0];
}

/** Tests and examples below a schema are none of it. */
function isWithin(folder: string, above: string): boolean {
  if (folder === above) return true;
  if (above !== '.' && !folder.startsWith(`${above}/`)) return false;
  return whyPassedOver(above === '.' ? folder : folder.slice(above.length + 1)) === undefined;
}

function isBeside(folder: string, other: string): boolean {
  const above = posix.dirname(other);
  return above !== '.' && isWithin(folder, above);
}
