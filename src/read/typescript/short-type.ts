import type { Node } from 'oxc-parser';
import { classOfType, type DeclaredType, givenTypes } from './declared-type.ts';
import type { Modules } from './trail.ts';
import { typeNamed } from './type-named.ts';

const DEEPEST = 6;

/** Whether a type is of a list that has as many kinds of elements as one can see: a tuple, `('a' | 'b')[]`, `Role[]` of an enum. */
export function isShortType(declared: DeclaredType, modules: Modules, depth = 0): boolean {
  const { module, type } = declared;
  if (depth > DEEPEST) return false;
  const again = (inner: Node) => isShortType({ module, type: inner }, modules, depth + 1);
  const few = (inner: Node) => isFewValues({ module, type: inner }, modules, depth + 1);
  switch (type.type) {
    case 'TSTupleType':
      return type.elementTypes.every((one) => one.type !== 'TSRestType');
    case 'TSArrayType':
      return few(type.elementType);
    case 'TSTypeOperator':
      return type.operator === 'readonly' && again(type.typeAnnotation);
    case 'TSUnionType':
      // `Kind[] | undefined`
      return type.types.every((one) => /^TS(Undefined|Null)Keyword$/.test(one.type) || again(one));
    case 'TSTypeReference': {
      if (type.typeName.type !== 'Identifier') return false;
      const [given] = givenTypes(declared);
      if (given && /^(Array|ReadonlyArray|Set|ReadonlySet)$/.test(type.typeName.name)) return few(given.type);
      const named = typeNamed(module, type.typeName.name, modules);
      return named !== undefined && isShortType(named, modules, depth + 1);
    }
    default:
      return false;
  }
}

function isFewValues(declared: DeclaredType, modules: Modules, depth: number): boolean {
  const { module, type } = declared;
  if (depth > DEEPEST) return false;
  if (type.type === 'TSLiteralType') return true;
  if (type.type === 'TSUnionType')
    return type.types.every((one) => isFewValues({ module, type: one }, modules, depth + 1));
  // `(typeof KINDS)[number]`
  if (type.type === 'TSIndexedAccessType')
    return type.objectType.type === 'TSTypeQuery' && type.indexType.type === 'TSNumberKeyword';
  if (type.type !== 'TSTypeReference' || type.typeName.type !== 'Identifier') return false;
  const named = typeNamed(module, type.typeName.name, modules);
  if (named) return isFewValues(named, modules, depth + 1);
  const found = classOfType(declared, modules);
  return found?.kind === 'node' && found.node.type === 'TSEnumDeclaration';
}
