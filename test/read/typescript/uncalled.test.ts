import { expect, test } from 'vitest';
import { treeOfTexts } from '../../../src/change/from-texts.ts';
import { namedNowhere } from '../../../src/read/typescript/uncalled.ts';
import { readFiles } from './read-files.ts';

const LOOP = `{ for (const id of ids) await pool.query('SELECT name FROM users WHERE id = $1', [id]); }`;

async function calledAs(code: string, path = 'a.ts') {
  const { queries } = await readFiles({ [path]: code });
  return queries[0]?.loop?.calledAs;
}

test('code is reached from other files by its function or method, and by its class', async () => {
  expect(await calledAs(`export async function namesOf(ids) ${LOOP}`)).toEqual(['namesOf']);
  expect(await calledAs(`export const namesOf = async (ids) => ${LOOP}`)).toEqual(['namesOf']);
  expect(await calledAs(`export class Names { async of(ids) ${LOOP} }`)).toEqual(['of', 'Names']);
  expect(
    await calledAs(`export class Names { constructor(ids) { void this.of(ids); } async of(ids) ${LOOP} }`),
  ).toEqual(['Names']);
});

test('what its file names elsewhere, or a framework calls, is not asked for', async () => {
  expect(await calledAs(`async function namesOf(ids) ${LOOP} namesOf([1]);`)).toEqual([]);
  expect(await calledAs(`async function namesOf(ids) ${LOOP} export { namesOf };`)).toEqual([]);
  expect(await calledAs(`export default async function namesOf(ids) ${LOOP}`)).toEqual([]);
  expect(await calledAs(`export async function GET(ids) ${LOOP}`)).toEqual([]);
  expect(await calledAs(`export const list = wrapped(async (ids) => ${LOOP});`)).toEqual([]);
  expect(
    await calledAs(`export class Names { @Get() async of(ids) ${LOOP} } export const one = new Names();`),
  ).toEqual([]);
  expect(await calledAs(`export default class Names { async of(ids) ${LOOP} }`)).toEqual([]);
  expect(
    await calledAs(`class Names { async #of(ids) ${LOOP} all() { return this.#of([1]); } } new Names();`),
  ).toEqual([]);
  expect(
    await calledAs(`const Page = () => <NamesOf />; async function NamesOf(ids) ${LOOP}`, 'a.tsx'),
  ).toEqual([]);
  expect(await calledAs(`export class Names extends Base { async of(ids) ${LOOP} }`)).toEqual([]);
  expect(await calledAs(`export class Names { async onModuleInit(ids) ${LOOP} } new Names();`)).toEqual([]);
});

test('a name counts as called where any other file but a test has it as a whole word', async () => {
  const declared = new Map(
    ['one', 'two', 'three', 'four'].map((name) => [name, new Set(['src/a.ts', 'copy/a.ts'])]),
  );
  const tree = treeOfTexts(
    'head',
    new Map([
      ['src/a.ts', 'one two three four'],
      ['copy/a.ts', 'one two three four'],
      ['src/b.ts', 'import { one } from "./a"; const twofold = 1;'],
      ['test/a.ts', 'two()'],
      ['schema.graphql', 'type Query { three: Int }'],
      ['README.md', 'four'],
    ]),
  );
  expect(await namedNowhere(tree, declared)).toEqual(new Set(['two', 'four']));
  const many = new Map(Array.from({ length: 20 }, (_, at) => [`name${at}`, new Set(['src/a.ts'])] as const));
  expect(await namedNowhere(tree, new Map([...declared, ...many]))).toEqual(
    new Set(['two', 'four', ...many.keys()]),
  );
});
