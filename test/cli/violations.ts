import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';

/** What parts a document from the published schema that describes it. */
export function violations(schema: string, document: unknown): readonly ErrorObject[] {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  validate(document);
  return validate.errors ?? [];
}
