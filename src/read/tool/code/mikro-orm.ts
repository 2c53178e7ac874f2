import { codeTool } from './code-tool-chain.ts';

/** `Migration<time>.ts`, in the order of the names. https://mikro-orm.io/docs/migrations */
export const mikroOrm = codeTool({
  name: 'mikro-orm',
  sign: /@mikro-orm\/migrations|\bmikro-orm\b[\w/-]*migrations|\bextends\s+Migration\b/,
  ledger: (dialect) =>
    ({
      postgres:
        'create table "mikro_orm_migrations" ("id" serial primary key, "name" varchar(255), "executed_at" timestamptz default current_timestamp);',
      mysql:
        'create table `mikro_orm_migrations` (`id` int unsigned not null auto_increment primary key, `name` varchar(255), `executed_at` datetime default current_timestamp);',
      sqlite:
        'create table `mikro_orm_migrations` (`id` integer not null primary key autoincrement, `name` varchar(255), `executed_at` datetime default current_timestamp);',
      duckdb: '',
    })[dialect],
  transactional: (dialect) => dialect !== 'mysql',
});
