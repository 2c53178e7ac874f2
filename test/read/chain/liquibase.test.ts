import { describe, expect, test } from 'vitest';
import { openCache } from '../../../src/cache/cache.ts';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { followChain } from '../../../src/read/chain-change.ts';
import { readMigration } from '../../../src/read/read-migration.ts';
import { loadSqlReader } from '../../../src/read/sql/read-sql.ts';
import { namesOf, onlyChain, survey } from './survey.ts';

const HOME = 'src/main/resources/db/changelog';
const SQL = '--liquibase formatted sql\n--changeset ann:1\nCREATE TABLE a (id bigserial);\n';

describe('Liquibase', () => {
  test('follows what an XML changelog includes, in its order', async () => {
    const chain = await onlyChain({
      [`${HOME}/db.changelog-master.xml`]: `<databaseChangeLog>
  <include file="db/changelog/2_second.sql"/>
  <include file="sub/changelog.xml" relativeToChangelogFile="true"/>
  <includeAll path="all/" relativeToChangelogFile="true"/>
  <include file="db/changelog/gone.sql"/>
</databaseChangeLog>`,
      [`${HOME}/sub/changelog.xml`]:
        '<databaseChangeLog><changeSet id="1" author="a"><createTable/></changeSet></databaseChangeLog>',
      [`${HOME}/2_second.sql`]: SQL,
      [`${HOME}/all/b.sql`]: SQL,
      [`${HOME}/all/a.sql`]: SQL,
    });
    expect(chain).toMatchObject({ id: HOME, tool: 'liquibase', dialect: 'postgres' });
    expect(namesOf(chain)).toEqual(['2_second.sql', 'all/a.sql', 'all/b.sql']);
    expect(chain.leftOut.map(({ path, reason }) => [path, reason.split(':')[0]])).toEqual([
      [`${HOME}/sub/changelog.xml`, 'changesets that are not SQL'],
      ['db/changelog/gone.sql', 'missing'],
    ]);
  });

  test.each([
    [
      'yaml',
      'databaseChangeLog:\n  - include:\n      file: b.sql\n      relativeToChangelogFile: true\n  - include:\n      file: db/a.sql\n',
    ],
    [
      'json',
      '{"databaseChangeLog":[{"include":{"file":"b.sql","relativeToChangelogFile":true}},{"include":{"file":"db/a.sql"}}]}',
    ],
  ])('follows one in %s', async (kind, text) => {
    const chain = await onlyChain({ [`db/changelog.${kind}`]: text, 'db/a.sql': SQL, 'db/b.sql': SQL });
    expect(namesOf(chain)).toEqual(['b.sql', 'a.sql']);
  });

  test('a changelog without SQL is told of', async () => {
    const { chains, notFollowed } = await survey({
      'db/changelog.xml': '<databaseChangeLog><changeSet id="1" author="a"/></databaseChangeLog>',
    });
    expect(chains).toEqual([]);
    expect(notFollowed[0]?.reason).toBe(
      'a Liquibase changelog in changelog.xml: its changesets are not SQL, and not read',
    );
  });

  test('reads changesets for its database, with their delimiters', async () => {
    await loadSqlReader('postgres');
    const text = `--liquibase formatted sql
--changeset ann:1 dbms:mysql
CREATE TABLE other (id int);
--changeset "ann b":2 dbms:postgresql,h2 runInTransaction:false
CREATE TABLE a (id int);
--rollback DROP TABLE a;
--changeset ann:3 endDelimiter:// splitStatements:true
CREATE TABLE b (id int)//
--changeset ann:4 ignore:true
CREATE TABLE c (id int);
`;
    const source = readMigration({ tool: 'liquibase', dialect: 'postgres' }, 'a.sql', text);
    expect(source.statements.map((one) => [one.span.line, one.text])).toEqual([
      [5, 'CREATE TABLE a (id int)'],
      [8, 'CREATE TABLE b (id int)'],
    ]);
    expect(source.transactional).toBe(false);
  });

  test('a file grows by changesets, which is no edit of what ran', async () => {
    const side = async (more: string) => {
      const texts = { 'db/changelog.sql': SQL + more };
      return { chain: await onlyChain(texts), tree: treeOfTexts('side', new Map(Object.entries(texts))) };
    };
    const base = await side('');
    const head = await side('--changeset ann:2\nALTER TABLE a ADD COLUMN b int;\n');
    const trees = { base: base.tree, head: head.tree };
    const change = await followChain(base.chain, head.chain, trees, openCache(undefined));
    expect(change).toMatchObject({ kind: 'rewritten', edited: [] });
    expect(change.operations.map(({ operation }) => operation.kind)).toEqual(['add-column']);
  });
});
