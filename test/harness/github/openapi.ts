import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';

/** JSON Schema, as far as it is looked into. */
type Schema = boolean | { readonly [word: string]: unknown };

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, Schema>>;
  readonly body?: Schema;
  readonly bodyRequired?: boolean;
  readonly responses: Readonly<Record<string, Schema>>;
}

/** An operation that a request names, with the values of its path. */
export interface Route {
  readonly id: string;
  readonly path: Readonly<Record<string, string>>;
}

const description = JSON.parse(readFileSync(new URL('openapi.json', import.meta.url), 'utf8')) as {
  readonly operations: readonly Operation[];
  readonly others: readonly string[];
  readonly events: Readonly<Record<string, Schema>>;
  readonly schemas: Readonly<Record<string, Schema>>;
};
const operations = new Map(description.operations.map((operation) => [operation.id, operation]));
const patterns = description.operations.map((operation) => ({
  operation,
  pattern: patternOf(operation.path),
}));
const others = description.others.map((line) => {
  const [method = '', path = '', id = ''] = line.split(' ');
  return { method, pattern: patternOf(path), id };
});

// ajv-formats is CommonJS whose default export is the plugin
const addFormats = ajvFormats as unknown as (ajv: Ajv) => void;
const ajv = new Ajv({ strict: false, coerceTypes: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: 'github', schemas: description.schemas });
const compiled = new Map<string, ValidateFunction>();

/** The operation that GitHub's description has for a request; `unserved` names one that the double does not know. */
export function routeOf(method: string, path: string): Route | { readonly unserved: string } | undefined {
  for (const { operation, pattern } of patterns) {
    const found = operation.method === method ? pattern.exec(path) : null;
    if (!found) continue;
    const values = Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]);
    return { id: operation.id, path: Object.fromEntries(values) };
  }
  const other = others.find((one) => one.method === method && one.pattern.test(path));
  return other && { unserved: other.id };
}

/** Comments that are outdated or on a file say null here, whatever the description says. */
const UNDESCRIBED = /\/(line|original_line|start_line|original_start_line|position) must be integer$/;

/** What is wrong with a request's body by GitHub's own schema; empty where nothing is. */
export function bodyTroubles(id: string, body: unknown): readonly string[] {
  const { body: schema, bodyRequired } = operations.get(id)!;
  if (schema === undefined) return [];
  if (body === undefined) return bodyRequired ? ['a body is required'] : [];
  return troubles(`${id} body`, schema, body);
}

/** What is wrong with a query's values by GitHub's own schema. */
export function queryTroubles(id: string, query: URLSearchParams): readonly string[] {
  const known = operations.get(id)!.query;
  return [...query].flatMap(([name, value]) => {
    const schema = known[name];
    if (schema === undefined) return [`${name} is no parameter of ${id}`];
    const integer = typeof schema === 'object' && schema.type === 'integer';
    return troubles(`${id} query ${name}`, schema, integer ? Number(value) : value);
  });
}

/** Fills in what the response's schema requires and the double does not care about, and checks the whole against it. */
export function conform(id: string, status: number, value: unknown): unknown {
  const schema = operations.get(id)!.responses[status];
  if (schema === undefined) throw new Error(`${id} has no answer ${status} in GitHub's description`);
  if (schema === true) return value;
  const filled = fill(schema, value);
  const wrong = troubles(`${id} ${status}`, schema, filled).filter((one) => !UNDESCRIBED.test(one));
  if (wrong.length > 0) throw new Error(`the double's answer to ${id} is not GitHub's: ${wrong.join('; ')}`);
  return filled;
}

/** An event's payload with what GitHub's description of it requires and the double does not care about; checked against it. */
export function conformEvent(name: string, payload: Readonly<Record<string, unknown>>): unknown {
  const key = payload.action === undefined ? name : `${name}.${payload.action}`;
  const schema = description.events[key];
  if (schema === undefined) throw new Error(`the double does not tell ${key}`);
  const filled = fill(schema, payload);
  const wrong = troubles(`event ${key}`, schema, filled).filter((one) => !UNDESCRIBED.test(one));
  if (wrong.length > 0) throw new Error(`the double's ${key} is not GitHub's: ${wrong.join('; ')}`);
  return filled;
}

function troubles(key: string, schema: Schema, value: unknown): readonly string[] {
  let validate = compiled.get(key);
  if (!validate) {
    validate = ajv.compile(atHome(schema) as object);
    compiled.set(key, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((one) => `${one.instancePath || 'it'} ${one.message}`);
}

/** References lead into the description wherever the schema stands. */
function atHome(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(atHome);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === '$ref' ? [key, `github${String(value)}`] : [key, atHome(value)],
    ),
  );
}

function fill(schema: Schema, value: unknown): unknown {
  if (typeof schema === 'boolean') return value ?? null;
  if (typeof schema.$ref === 'string')
    return fill(description.schemas[schema.$ref.slice('#/schemas/'.length)]!, value);
  const options = (schema.anyOf ?? schema.oneOf) as readonly Schema[] | undefined;
  if (options) {
    const nullable = options.some((one) => typeof one === 'object' && one.type === 'null');
    if (value === null || (value === undefined && nullable)) return null;
    const fitting = options.find((one) => typeof one === 'object' && one.type !== 'null');
    return fitting === undefined ? value : fill(fitting, value);
  }
  const parts = schema.allOf as readonly Schema[] | undefined;
  if (parts) return parts.reduce<unknown>((sum, part) => fill(part, sum), value);
  if (schema.type === 'array') {
    const items = schema.items as Schema | undefined;
    return Array.isArray(value) ? value.map((one) => (items === undefined ? one : fill(items, one))) : [];
  }
  if (schema.type === 'object' || schema.properties) return fillObject(schema, value);
  return value === undefined ? blank(schema) : value;
}

function fillObject(schema: Exclude<Schema, boolean>, value: unknown): unknown {
  const known = (value ?? {}) as Record<string, unknown>;
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as readonly string[];
  const filled: Record<string, unknown> = { ...known };
  for (const [name, property] of Object.entries(properties))
    if (required.includes(name) || known[name] !== undefined) filled[name] = fill(property, known[name]);
  return filled;
}

function blank(schema: Exclude<Schema, boolean>): unknown {
  const [first] = (schema.enum ?? []) as readonly unknown[];
  if (first !== undefined) return first;
  if (schema.format === 'date-time') return '2026-01-05T12:00:00Z';
  if (schema.format === 'uri') return 'https://github.example/';
  if (schema.type === 'integer' || schema.type === 'number') return 0;
  return schema.type === 'boolean' ? false : '';
}

/** `{base}`, `{head}`, `{path}` and `{ref}` may hold slashes. */
function patternOf(path: string): RegExp {
  const pattern = path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      if (name === undefined) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      return `(?<${name}>${['path', 'ref', 'base', 'head'].includes(name) ? '.+?' : '[^/]+'})`;
    })
    .join('');
  return new RegExp(`^${pattern}$`);
}
