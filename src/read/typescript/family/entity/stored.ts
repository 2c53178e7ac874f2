import type { Node } from 'oxc-parser';
import type { Filling, StoredColumn } from '../../../query.ts';
import { unwrapped } from '../../call-chain.ts';
import { literalsOf } from '../../literals.ts';
import type { CodeModule } from '../../module.ts';
import { isFunction } from '../../scope.ts';
import { textOf } from '../../text.ts';
import { trace } from '../../trace.ts';
import { type Modules, startTrail } from '../../trail.ts';
import { returnsOf } from '../object-keys.ts';
import { type Decorator, writtenType } from './decorators.ts';
import type { Options } from './options.ts';

/** What a property with a decorator of TypeORM's or MikroORM's is in the database, as far as both the same on every dialect. */
export function storedProperty(
  module: CodeModule,
  node: Node,
  { name }: Decorator,
  options: Options,
  modules: Modules,
): StoredColumn {
  const isCounted = name === 'PrimaryGeneratedColumn' && options.first() !== 'uuid';
  const labels = labelsOf(module, options.value('enum') ?? options.value('items'), modules);
  const type = isCounted ? options.text('type') : typeOf(name, node, options, labels !== undefined);
  const filling: Filling | undefined = isCounted
    ? { kind: 'counter' }
    : isInitialized(node) && !options.has('default')
      ? undefined
      : fillingOf(module, name, options, modules);
  return {
    ...(type === undefined ? {} : { type }),
    ...(labels && type === 'enum' ? { labels } : {}),
    ...(filling ? { filling } : {}),
  };
}

/** `isRead = false`: MikroORM makes a default of it. */
function isInitialized(node: Node): boolean {
  return 'value' in node && node.value !== null && node.value !== undefined;
}

/** Types that are only TypeORM's own. */
const OWN: Readonly<Record<string, string>> = {
  'simple-array': 'text',
  'simple-json': 'text',
};

function typeOf(decorator: string, node: Node, options: Options, isEnum: boolean): string | undefined {
  if (!/^(Column|PrimaryColumn|Property|PrimaryKey|Enum)$/.test(decorator)) return undefined;
  const exact = options.text('columnType');
  if (exact !== undefined) return exact;
  // what MikroORM calls a type is its own word for it
  const isMikro = /^(Property|PrimaryKey)$/.test(decorator);
  const written = isMikro ? undefined : (options.first() ?? options.text('type'));
  if (written === 'enum' || (isEnum && written === undefined))
    return options.is('array') ? undefined : 'enum';
  if (written === undefined)
    return isMikro || options.has('type') ? undefined : impliedType(decorator, node, options);
  if (!/^[a-z][a-z ]*$/.test(written) || written === 'simple-enum') return undefined;
  const name = Object.hasOwn(OWN, written) ? (OWN[written] ?? written) : written;
  const size = sizeOf(options);
  return size === undefined ? undefined : name + size + (options.is('array') ? '[]' : '');
}

/** TypeORM takes the type of the property; MikroORM gives lengths of its own to what is not said. */
function impliedType(decorator: string, node: Node, options: Options): string | undefined {
  const type = writtenType(node);
  const size = sizeOf(options);
  if (!/Column$/.test(decorator) || size === undefined) return undefined;
  if (type?.type === 'TSStringKeyword') return `varchar${size}`;
  if (type?.type === 'TSNumberKeyword') return 'integer';
  return type?.type === 'TSBooleanKeyword' ? 'boolean' : undefined;
}

/** The brackets behind a type; undefined where what stands in them is not written out. */
function sizeOf(options: Options): string | undefined {
  const [length, precision, scale] = ['length', 'precision', 'scale'].map((name) => numberAt(options, name));
  if ([length, precision, scale].includes('?')) return undefined;
  if (length !== undefined) return `(${length})`;
  if (precision === undefined) return '';
  return `(${scale === undefined ? precision : `${precision},${scale}`})`;
}

function numberAt(options: Options, name: string): string | undefined {
  const value = options.value(name);
  if (!value) return undefined;
  return value.type === 'Literal' && /^\d+$/.test(String(value.value)) ? String(value.value) : '?';
}

/** The texts of an enum of TypeScript or of a list. */
function labelsOf(
  module: CodeModule,
  value: Node | undefined,
  modules: Modules,
): readonly string[] | undefined {
  if (!value) return undefined;
  const inner = isFunction(value) ? returnsOf(value)[0] : value;
  const traced = inner && trace(module, inner, startTrail(modules));
  if (traced?.kind !== 'node') return undefined;
  const node = unwrapped(traced.node);
  if (node.type === 'ArrayExpression') {
    const labels = literalsOf(traced.module, node, modules);
    return labels.length === node.elements.length ? labels : undefined;
  }
  if (node.type !== 'TSEnumDeclaration') return undefined;
  const labels = node.body.members.map(({ initializer }) =>
    initializer?.type === 'Literal' && typeof initializer.value === 'string' ? initializer.value : undefined,
  );
  return labels.includes(undefined) ? undefined : labels.flatMap((label) => label ?? []);
}

function fillingOf(
  module: CodeModule,
  decorator: string,
  options: Options,
  modules: Modules,
): Filling | undefined {
  if (/^(Create|Update)DateColumn$|^Generated$|Generated/.test(decorator)) return undefined;
  if (options.has('generated') || options.has('asExpression') || options.has('onCreate')) return undefined;
  const raw = options.text('defaultRaw');
  if (raw !== undefined) return { kind: 'value', sql: raw };
  const value = options.value('default');
  if (!value) return options.has('defaultRaw') ? undefined : { kind: 'nothing' };
  if (isFunction(value)) {
    const [returned] = returnsOf(value);
    const sql = returned && textOf(module, returned, modules).text;
    return sql === undefined ? undefined : { kind: 'value', sql };
  }
  const sql = literalSql(module, value, modules);
  return sql === undefined ? undefined : { kind: 'value', sql };
}

function literalSql(module: CodeModule, value: Node, modules: Modules): string | undefined {
  const traced = trace(module, value, startTrail(modules));
  const node = traced.kind === 'node' ? unwrapped(traced.node) : undefined;
  if (node?.type === 'Literal' && /^(number|boolean)$/.test(typeof node.value)) return String(node.value);
  if (node?.type === 'Literal' && node.value === null) return 'NULL';
  const { text } = textOf(module, value, modules);
  return text === undefined ? undefined : `'${text.replaceAll("'", "''")}'`;
}
