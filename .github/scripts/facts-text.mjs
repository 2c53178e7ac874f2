import { readdirSync, readFileSync } from 'node:fs';

/** Modules that read files beside the sources hold their content in the bundle. */
export const factsText = {
  name: 'facts-text',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/facts\/facts-sql\.ts$/ }, () => ({
      contents: `export const factsSql = ${JSON.stringify(readFileSync('src/facts/facts.sql', 'utf8'))};`,
    }));
    onLoad({ filter: /\/store\/migrations\.ts$/ }, () => ({
      contents: `export const storeMigrations = ${JSON.stringify(storeMigrations())};`,
    }));
    onLoad({ filter: /\/queue\/graphile\/schema-sql\.ts$/ }, () => ({
      contents: `export const queueSchema = ${JSON.stringify(queueSchema())};`,
    }));
  },
};

function queueSchema() {
  const folder = 'src/queue/graphile';
  const files = readdirSync(`${folder}/migrations`).sort();
  return {
    migrations: files.map((file) => readFileSync(`${folder}/migrations/${file}`, 'utf8')),
    functions: readFileSync(`${folder}/functions.sql`, 'utf8'),
  };
}

function storeMigrations() {
  const folder = 'src/store/migrations';
  return readdirSync(folder)
    .sort()
    .map((file) => ({
      version: Number(file.slice(0, 4)),
      name: file.replace(/\.sql$/, ''),
      sql: readFileSync(`${folder}/${file}`, 'utf8'),
    }));
}
