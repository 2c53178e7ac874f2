import type { Cursor } from './cursor.ts';

/** Words that name neither a column nor an alias without quotes: what follows them tells. */
const RESERVED = new Set(
  `select distinct from where group order having limit union except intersect join inner left right cross natural
   straight_join on using as and or not null is in like between case when then else end set values insert into update delete
   returning for lock window partition index force use ignore full outer exists offset fetch into procedure indexed
   collate xor div glob regexp rlike by`.split(/\s+/),
);

/** Some reserved words are names where nothing of their grammar follows. */
const NAMES_TOO = /^(offset|index|partition|window|force|use|ignore|full|outer|lock|indexed|regexp|glob)$/;

/** Whether the word at hand cannot be the name of a column. */
export function isReserved(cursor: Cursor): boolean {
  const word = cursor.word();
  return RESERVED.has(word) && !NAMES_TOO.test(word);
}

/** Whether the token at hand can be an alias that no AS announces. */
export function isAlias(cursor: Cursor): boolean {
  return cursor.isName() && !RESERVED.has(cursor.word()) && cursor.token()?.kind !== 'number';
}
