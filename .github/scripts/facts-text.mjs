import { readFileSync } from 'node:fs';

/** Modules that read a file beside the sources hold its content in the bundle. */
export const factsText = {
  name: 'facts-text',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/facts\/facts-sql\.ts$/ }, () => ({
      contents: `export const factsSql = ${JSON.stringify(readFileSync('src/facts/facts.sql', 'utf8'))};`,
    }));
  },
};
