import { readFileSync } from 'node:fs';

/** Text of `facts.sql`. The build puts the text itself in this module's place. */
export const factsSql = readFileSync(new URL('./facts.sql', import.meta.url), 'utf8');
