import type { DropStmt, Node, ObjectType, RenameStmt } from 'libpg-query';
import type { QualifiedName } from '../../../schema/name.ts';
import type { OperationBody } from '../../../schema/operation.ts';
import type { Reading } from '../reading.ts';
import { constraintOf } from './constraint.ts';
import { nameOf, objectName, stringOf, stringsOf, tableOf, typeOf } from './names.ts';

type Body = OperationBody & { readonly tolerant?: boolean };

/** DROP of one or several objects; a string names the kind of object whose dropping has no known effect. */
export function dropObjects(node: DropStmt): readonly Body[] | string {
  const cascade = node.behavior === 'DROP_CASCADE';
  const tolerant = node.missing_ok ? { tolerant: true } : {};
  const inTable = node.missing_ok ? { tableTolerant: true } : {};
  const each = (make: (name: QualifiedName, object: Node) => Body): readonly Body[] =>
    (node.objects ?? []).map((object) => ({ ...make(objectName(object), object), ...tolerant }));
  const names = (node.objects ?? []).map(objectName);
  const along = names.length > 1 ? { alongWith: names } : {};
  switch (node.removeType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_FOREIGN_TABLE':
      return each((table) => ({ kind: 'drop-table', table, cascade, ...along }));
    case 'OBJECT_INDEX':
      return each((index) => ({
        kind: 'drop-index',
        index,
        cascade,
        concurrently: node.concurrent === true,
      }));
    case 'OBJECT_SEQUENCE':
      return each((sequence) => ({ kind: 'drop-sequence', sequence, cascade }));
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return each((view) => ({
        kind: 'drop-view',
        view,
        materialized: node.removeType === 'OBJECT_MATVIEW',
        cascade,
        ...along,
      }));
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return each((type) => ({ kind: 'drop-type', type, cascade, ...along }));
    case 'OBJECT_SCHEMA':
      return each(({ name }) => ({ kind: 'drop-schema', schema: name, cascade }));
    case 'OBJECT_EXTENSION':
      return each(({ name }) => ({ kind: 'drop-extension', extension: name, cascade }));
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      return each((name, object) => ({
        kind: 'drop-function',
        function: name,
        ...argumentsOf(object),
        cascade,
      }));
    case 'OBJECT_TRIGGER':
      return each((_, object) => {
        const parts = 'List' in object ? stringsOf(object.List.items) : [];
        const onTable = { table: nameOf(parts.slice(0, -1)), ...inTable };
        return { kind: 'drop-trigger', ...onTable, name: parts.at(-1) ?? '', cascade };
      });
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
    case 'OBJECT_PUBLICATION':
    case 'OBJECT_STATISTIC_EXT':
    case 'OBJECT_EVENT_TRIGGER':
      return [{ kind: 'no-effect', what: `DROP ${objectWord(node.removeType)}` }];
    default:
      return `DROP ${objectWord(node.removeType)}`;
  }
}

/** Input types of a routine as DROP and ALTER write them. */
function argumentsOf(object: Node | undefined): { readonly arguments?: readonly string[] } {
  if (!object || !('ObjectWithArgs' in object) || object.ObjectWithArgs.args_unspecified) return {};
  const types = (object.ObjectWithArgs.objargs ?? []).map((one) =>
    'TypeName' in one ? typeOf(one.TypeName).name : '',
  );
  return { arguments: types };
}

/** RENAME of anything; a string names what is not modelled. */
export function renameObject(node: RenameStmt): Body | string {
  const to = node.newname ?? '';
  const tolerant = node.missing_ok ? { tolerant: true } : {};
  const inTable = node.missing_ok ? { tableTolerant: true } : {};
  const relation = tableOf(node.relation);
  switch (node.renameType) {
    case 'OBJECT_TABLE':
      return { kind: 'rename-table', table: relation, to, ...inTable };
    case 'OBJECT_COLUMN':
      return node.relationType === 'OBJECT_TABLE'
        ? { kind: 'rename-column', table: relation, column: node.subname ?? '', to, ...inTable }
        : `RENAME COLUMN of a ${objectWord(node.relationType).toLowerCase()}`;
    case 'OBJECT_TABCONSTRAINT':
      return { kind: 'rename-constraint', table: relation, name: node.subname ?? '', to, ...inTable };
    case 'OBJECT_INDEX':
      return { kind: 'rename-index', index: relation, to, ...tolerant };
    case 'OBJECT_SEQUENCE':
      return { kind: 'rename-sequence', sequence: relation, to, ...tolerant };
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return {
        kind: 'rename-view',
        view: relation,
        materialized: node.renameType === 'OBJECT_MATVIEW',
        to,
        ...tolerant,
      };
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return { kind: 'rename-type', type: objectName(node.object), to };
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE':
      return { kind: 'rename-function', function: objectName(node.object), ...argumentsOf(node.object), to };
    case 'OBJECT_TRIGGER':
      return { kind: 'rename-trigger', table: relation, name: node.subname ?? '', to };
    case 'OBJECT_POLICY':
    case 'OBJECT_ROLE':
      return { kind: 'no-effect', what: `RENAME ${objectWord(node.renameType)}` };
    default:
      return `RENAME ${objectWord(node.renameType)}`;
  }
}

/** `OBJECT_EVENT_TRIGGER` → `EVENT TRIGGER`. */
export function objectWord(type: ObjectType | undefined): string {
  return String(type ?? '')
    .replace('OBJECT_', '')
    .replaceAll('_', ' ');
}

type Statement = Exclude<Node, undefined>;

/** CREATE and ALTER of types, sequences, schemas, extensions; undefined for statements of another kind. */
export function createObject(reading: Reading, node: Statement): Body | undefined {
  if ('CreateEnumStmt' in node) {
    const { typeName, vals } = node.CreateEnumStmt;
    return {
      kind: 'create-type',
      type: nameOf(stringsOf(typeName)),
      typeKind: 'enum',
      labels: stringsOf(vals),
    };
  }
  if ('AlterEnumStmt' in node) return alterEnum(node.AlterEnumStmt);
  if ('CreateDomainStmt' in node) {
    const { domainname, typeName, constraints = [] } = node.CreateDomainStmt;
    const checks = constraints.flatMap((one) => {
      const read =
        'Constraint' in one && constraintOf(reading, one.Constraint, undefined, reading.text.length);
      return read && read.kind === 'check' ? [read.expression] : [];
    });
    return {
      kind: 'create-type',
      type: nameOf(stringsOf(domainname)),
      typeKind: 'domain',
      labels: [],
      baseType: typeOf(typeName),
      ...(checks.length > 0 ? { checks } : {}),
    };
  }
  if ('CompositeTypeStmt' in node)
    return {
      kind: 'create-type',
      type: tableOf(node.CompositeTypeStmt.typevar),
      typeKind: 'composite',
      labels: [],
    };
  if ('CreateRangeStmt' in node)
    return {
      kind: 'create-type',
      type: nameOf(stringsOf(node.CreateRangeStmt.typeName)),
      typeKind: 'range',
      labels: [],
    };
  if ('CreateSeqStmt' in node) {
    const { sequence, options, if_not_exists } = node.CreateSeqStmt;
    return {
      kind: 'create-sequence',
      sequence: tableOf(sequence),
      ...ownerOf(options),
      ...(if_not_exists ? { tolerant: true } : {}),
    };
  }
  if ('AlterSeqStmt' in node) {
    const { sequence, options, missing_ok } = node.AlterSeqStmt;
    return {
      kind: 'alter-sequence',
      sequence: tableOf(sequence),
      ...ownerOf(options),
      ...(missing_ok ? { tolerant: true } : {}),
    };
  }
  if ('CreateSchemaStmt' in node) {
    const { schemaname, if_not_exists, schemaElts } = node.CreateSchemaStmt;
    if (schemaElts || !schemaname) return undefined;
    return { kind: 'create-schema', schema: schemaname, ...(if_not_exists ? { tolerant: true } : {}) };
  }
  if ('CreateExtensionStmt' in node) {
    const { extname, if_not_exists } = node.CreateExtensionStmt;
    return {
      kind: 'create-extension',
      extension: extname ?? '',
      ...(if_not_exists ? { tolerant: true } : {}),
    };
  }
  return undefined;
}

function alterEnum(node: Extract<Statement, { AlterEnumStmt: unknown }>['AlterEnumStmt']): Body {
  const type = nameOf(stringsOf(node.typeName));
  if (node.oldVal) return { kind: 'rename-enum-value', type, label: node.oldVal, to: node.newVal ?? '' };
  const neighbour = node.newValNeighbor;
  const place =
    neighbour === undefined ? {} : node.newValIsAfter ? { after: neighbour } : { before: neighbour };
  return {
    kind: 'add-enum-value',
    type,
    label: node.newVal ?? '',
    ...place,
    ...(node.skipIfNewValExists ? { tolerant: true } : {}),
  };
}

/** OWNED BY of a sequence. */
function ownerOf(options: readonly Node[] | undefined): {
  ownedBy?: { table: QualifiedName; column: string };
} {
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== 'owned_by') continue;
    const { arg } = option.DefElem;
    const parts = arg && 'List' in arg ? stringsOf(arg.List.items) : [stringOf(arg)];
    if (parts.length < 2) return {};
    return { ownedBy: { table: nameOf(parts.slice(0, -1)), column: parts.at(-1) ?? '' } };
  }
  return {};
}
