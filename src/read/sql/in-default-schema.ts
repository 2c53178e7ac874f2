/**
 * `{{ index .Options "Namespace" }}.users`, `"${schema}"."users"`: an expression in a schema's place, up to the table's name. A
 * comment is one where no name stands before it: `ON /* SCHEMA *\/ ."users"`.
 */
const IN_PLACE_OF_SCHEMA =
  /("?(?:\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|<%=?[^%\n]*%>)"?|(?<=\b(?:table|on|only|exists|from|join|into|update|references|index|concurrently)\s+)\/\*[^*\n]*\*\/)\s*\.(?=\s*["\w])/gi;

/** What every such place holds: the pattern itself is tried at each character. */
const MAY_HOLD = /\{\{|\$\{|<%|\/\*/;

/**
 * The text as it runs where its tables are in the default schema: a schema that a template names is chosen where it is
 * deployed, and is one for all that the text says. Where a text names several it is left as it is. Offsets stay.
 */
export function inDefaultSchema(text: string): string {
  if (!MAY_HOLD.test(text)) return text;
  const found = [...text.matchAll(IN_PLACE_OF_SCHEMA)];
  const schemas = new Set(found.map(([, expression = '']) => expression.replace(/[\s"']/g, '')));
  if (schemas.size !== 1) return text;
  return text.replace(IN_PLACE_OF_SCHEMA, (place) => place.replace(/[^\r\n]/g, ' '));
}
