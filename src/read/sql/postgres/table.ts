import type { AlterTableCmd, AlterTableStmt, CreateStmt, Node, PartitionSpec } from 'libpg-query';
import type { QualifiedName } from '../../../schema/name.ts';
import type {
  ColumnDefinition,
  ConstraintDefinition,
  Operation,
  OperationBody,
} from '../../../schema/operation.ts';
import { afterWord, clauseEnd, type Reading } from '../reading.ts';
import { columnOf } from './column.ts';
import { constraintNode, constraintOf } from './constraint.ts';
import { stringOf, tableOf, typeOf } from './names.ts';

/** CREATE TABLE, with everything that its brackets hold. */
export function createTable(reading: Reading, node: CreateStmt): Operation {
  const columns: ColumnDefinition[] = [];
  const constraints: ConstraintDefinition[] = [];
  const like: { table: QualifiedName; including: readonly string[] }[] = [];
  for (const element of node.tableElts ?? []) {
    if ('ColumnDef' in element) columns.push(columnOf(reading, element.ColumnDef));
    else if ('Constraint' in element) {
      const constraint = constraintOf(reading, element.Constraint);
      if (constraint) constraints.push(constraint);
    } else if ('TableLikeClause' in element) {
      const { relation, options } = element.TableLikeClause;
      like.push({ table: tableOf(relation), including: includings(options ?? 0) });
    }
  }
  const parents = (node.inhRelations ?? []).map((one) =>
    'RangeVar' in one ? tableOf(one.RangeVar) : { name: '' },
  );
  const [parent] = parents;
  return {
    kind: 'create-table',
    table: tableOf(node.relation),
    columns,
    constraints,
    ...(node.relation?.relpersistence === 't' ? { temporary: true } : {}),
    ...(node.partbound && parent
      ? { partitionOf: parent, partitionBound: afterWord(reading, 'of', 0, reading.text.length) ?? '' }
      : {}),
    ...(!node.partbound && parents.length > 0 ? { inherits: parents } : {}),
    ...(node.partspec ? { partitionBy: partitionBy(node.partspec) } : {}),
    ...(like.length > 0 ? { like } : {}),
    ...(node.if_not_exists ? { tolerant: true } : {}),
    span: reading.whole,
  };
}

/** Bits of LIKE's options, in PostgreSQL's order (parsenodes.h, TableLikeOption). */
const LIKE_OPTIONS = [
  'comments',
  'compression',
  'constraints',
  'defaults',
  'generated',
  'identity',
  'indexes',
  'statistics',
  'storage',
];

function includings(bits: number): readonly string[] {
  return LIKE_OPTIONS.filter((_, bit) => bits & (1 << bit));
}

function partitionBy(node: PartitionSpec): { strategy: string; columns: readonly string[] } {
  const columns = (node.partParams ?? []).flatMap((one) =>
    'PartitionElem' in one ? (one.PartitionElem.name ?? []) : [],
  );
  return {
    strategy: String(node.strategy ?? '')
      .replace('PARTITION_STRATEGY_', '')
      .toLowerCase(),
    columns,
  };
}

/** ALTER TABLE: one operation a sub-command; `unknown` names those whose effect is not known. */
export function alterTable(
  reading: Reading,
  node: AlterTableStmt,
): { readonly operations: readonly Operation[]; readonly unknown: readonly string[] } {
  const table = tableOf(node.relation);
  const operations: Operation[] = [];
  const unknown: string[] = [];
  const starts = commandStarts(reading, node.cmds?.length ?? 0);
  for (const [i, one] of (node.cmds ?? []).entries()) {
    if (!('AlterTableCmd' in one)) continue;
    const start = starts[i] ?? 0;
    const end = starts[i] === undefined ? reading.text.length : clauseEnd(reading, start);
    const span = reading.span(start, end);
    const body = alterCommand(reading, table, one.AlterTableCmd, {
      start,
      end,
      tolerant: node.missing_ok === true,
    });
    if (!body) unknown.push(String(one.AlterTableCmd.subtype));
    else
      operations.push({
        ...body,
        span: 'column' in body && body.kind === 'add-column' ? body.column.span : span,
      });
  }
  return { operations, unknown };
}

/** Where the sub-commands start: after the table's name, and after each comma on the statement's own level. */
function commandStarts(reading: Reading, count: number): readonly number[] {
  const tokens = reading.tokens();
  const commas: number[] = [];
  let depth = 0;
  let first: number | undefined;
  for (const [i, token] of tokens.entries()) {
    const sign = token.kind === 'sign' ? reading.text.charAt(token.start) : '';
    if (sign === '(' || sign === '[') depth++;
    else if (sign === ')' || sign === ']') depth--;
    else if (sign === ',' && depth === 0) commas.push(tokens[i + 1]?.start ?? reading.text.length);
    if (first === undefined && depth === 0 && i > 2 && token.kind === 'word' && isCommandWord(reading, i))
      first = token.start;
  }
  const starts = [first ?? 0, ...commas];
  return starts.length === count ? starts : [];
}

const COMMANDS =
  /^(add|drop|alter|validate|rename|set|reset|attach|detach|enable|disable|owner|replica|force|no|inherit|cluster|of|not)$/i;

/** The first sub-command stands after `ALTER TABLE [IF EXISTS] [ONLY] name [*]`. */
function isCommandWord(reading: Reading, index: number): boolean {
  const tokens = reading.tokens();
  const at = (i: number) => reading.text.slice(tokens[i]?.start, tokens[i]?.end).toLowerCase();
  let i = 2;
  if (at(i) === 'if') i += 2;
  if (at(i) === 'only') i++;
  i++;
  while (at(i) === '.') i += 2;
  if (at(i) === '*') i++;
  return index >= i && COMMANDS.test(at(index));
}

interface Command {
  readonly start: number;
  readonly end: number;
  readonly tolerant: boolean;
}

type AlterBody = OperationBody & { readonly tolerant?: boolean };

function alterCommand(
  reading: Reading,
  table: QualifiedName,
  node: AlterTableCmd,
  at: Command,
): AlterBody | undefined {
  const column = node.name ?? '';
  const inTable = at.tolerant ? { tableTolerant: true } : {};
  const own = { ...(node.missing_ok ? { tolerant: true } : {}), ...inTable };
  const cascade = node.behavior === 'DROP_CASCADE';
  switch (node.subtype) {
    case 'AT_AddColumn':
      if (!node.def || !('ColumnDef' in node.def)) return undefined;
      return { kind: 'add-column', table, column: columnOf(reading, node.def.ColumnDef), ...own };
    case 'AT_DropColumn':
      return { kind: 'drop-column', table, column, cascade, ...own };
    case 'AT_AlterColumnType': {
      const type = node.def && 'ColumnDef' in node.def ? typeOf(node.def.ColumnDef.typeName) : undefined;
      if (!type) return undefined;
      const using = afterWord(reading, 'using', at.start, at.end);
      return { kind: 'alter-type', table, column, type, ...(using ? { using } : {}), ...own };
    }
    case 'AT_ColumnDefault': {
      const expression = node.def ? afterWord(reading, 'default', at.start, at.end) : undefined;
      if (expression === undefined) return { kind: 'drop-default', table, column, ...own };
      return { kind: 'set-default', table, column, expression, ...own };
    }
    case 'AT_SetNotNull':
      return { kind: 'set-not-null', table, column, ...own };
    case 'AT_DropNotNull':
      return { kind: 'drop-not-null', table, column, ...own };
    case 'AT_AddIdentity':
    case 'AT_SetIdentity': {
      const kind = node.subtype === 'AT_AddIdentity' ? 'add-identity' : 'set-identity';
      return { kind, table, column, identity: identityOf(node.def), ...own };
    }
    case 'AT_DropIdentity':
      return { kind: 'drop-identity', table, column, ...own };
    case 'AT_DropExpression':
      return { kind: 'drop-generated', table, column, ...own };
    case 'AT_AddConstraint': {
      const mark = constraintNode(node.def);
      if (mark?.contype === 'CONSTR_NOTNULL')
        return { kind: 'set-not-null', table, column: stringOf(mark.keys?.[0]), ...own };
      const constraint = mark && constraintOf(reading, mark);
      return constraint ? { kind: 'add-constraint', table, constraint, ...own } : undefined;
    }
    case 'AT_DropConstraint':
      return { kind: 'drop-constraint', table, name: column, cascade, ...own };
    case 'AT_ValidateConstraint':
      return { kind: 'validate-constraint', table, name: column, ...own };
    case 'AT_AlterConstraint': {
      const altered = node.def && 'ATAlterConstraint' in node.def ? node.def.ATAlterConstraint : undefined;
      if (!altered?.alterDeferrability) return { kind: 'no-effect', what: plainName(String(node.subtype)) };
      const { conname = '', deferrable = false } = altered;
      return { kind: 'alter-constraint', table, name: conname, deferrable, ...own };
    }
    case 'AT_AttachPartition':
    case 'AT_DetachPartition': {
      const partition =
        node.def && 'PartitionCmd' in node.def ? tableOf(node.def.PartitionCmd.name) : undefined;
      const kind = node.subtype === 'AT_AttachPartition' ? 'attach-partition' : 'detach-partition';
      return partition
        ? { kind, table, partition, bound: reading.text.slice(at.start, at.end), ...inTable }
        : undefined;
    }
    default:
      return WITHOUT_EFFECT.test(String(node.subtype))
        ? { kind: 'no-effect', what: plainName(String(node.subtype)) }
        : undefined;
  }
}

/** Sub-commands on which neither the schema as modelled nor its rows depend. */
const WITHOUT_EFFECT =
  /^AT_(SetStatistics|SetOptions|ResetOptions|SetStorage|SetCompression|ChangeOwner|ClusterOn|DropCluster|SetLogged|SetUnLogged|SetAccessMethod|SetTableSpace|SetRelOptions|ResetRelOptions|ReplaceRelOptions|EnableTrig|EnableAlwaysTrig|EnableReplicaTrig|DisableTrig|EnableTrigAll|DisableTrigAll|EnableTrigUser|DisableTrigUser|ReplicaIdentity|EnableRowSecurity|DisableRowSecurity|ForceRowSecurity|NoForceRowSecurity)$/;

function plainName(subtype: string): string {
  return subtype
    .slice(3)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}

function identityOf(node: Node | undefined): 'always' | 'by default' {
  return JSON.stringify(node ?? '').includes('"a"') ? 'always' : 'by default';
}
