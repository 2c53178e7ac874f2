import type { CreateFunctionStmt, CreateTrigStmt, Node } from 'libpg-query';
import { typeText } from '../../../schema/name.ts';
import type { OperationBody } from '../../../schema/operation.ts';
import { nameOf, stringOf, stringsOf, tableOf, typeOf } from './names.ts';
import { columnsIn } from './query.ts';

/** CREATE FUNCTION and PROCEDURE: what the schema knows of it; its body is kept as text. */
export function createRoutine(node: CreateFunctionStmt, text: string): OperationBody {
  const options = new Map(
    (node.options ?? []).flatMap((one) => ('DefElem' in one ? [[one.DefElem.defname, one.DefElem.arg]] : [])),
  );
  const body = options.get('as');
  const bodies = body && 'List' in body ? stringsOf(body.List.items) : [];
  return {
    kind: 'create-function',
    function: nameOf(stringsOf(node.funcname)),
    routine: node.is_procedure ? 'procedure' : 'function',
    replace: node.replace === true,
    language: (stringOf(options.get('language')) || 'sql').toLowerCase(),
    arguments: inputTypes(node.parameters),
    returns: node.returnType ? typeText(typeOf(node.returnType)) : 'void',
    body: bodies[0] ?? text,
  };
}

function inputTypes(parameters: readonly Node[] | undefined): readonly string[] {
  return (parameters ?? []).flatMap((one) => {
    if (!('FunctionParameter' in one)) return [];
    const { mode, argType } = one.FunctionParameter;
    if (mode === 'FUNC_PARAM_OUT' || mode === 'FUNC_PARAM_TABLE') return [];
    return [typeOf(argType).name];
  });
}

/** Bits of a trigger's events (pg_trigger.h). */
const EVENTS = [
  ['insert', 4],
  ['delete', 8],
  ['update', 16],
  ['truncate', 32],
] as const;

/** CREATE TRIGGER. */
export function createTrigger(node: CreateTrigStmt): OperationBody {
  const columns = [...stringsOf(node.columns), ...columnsIn(node.whenClause)];
  return {
    kind: 'create-trigger',
    table: tableOf(node.relation),
    name: node.trigname ?? '',
    replace: node.replace === true,
    function: nameOf(stringsOf(node.funcname)),
    events: EVENTS.flatMap(([event, bit]) => ((node.events ?? 0) & bit ? [event] : [])),
    ...(columns.length > 0 ? { columns } : {}),
  };
}
