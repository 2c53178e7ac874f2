import { type ChainChange, followAgain } from '../../read/chain-change.ts';
import { doubtOf } from '../../schema/lookup.ts';
import type { Opaque, Schema } from '../../schema/schema.ts';
import type { Proof } from '../verdict.ts';
import { completeSchema, type FindMaker, type Maker } from './complete.ts';

/**
 * The chains of a change with what a server knows of them beyond what was read: base as its catalog has it, the new migrations
 * folded on top, and head as its catalog has it then. Chains of which no
 * server told both are as they were.
 */
export function completeChains(
  chains: readonly ChainChange[],
  proofs: readonly Proof[],
): readonly ChainChange[] {
  return chains.map((chain) => {
    const told = proofs.find((proof) => proof.chain === chain.id && proof.told)?.told;
    const both = chain.kind === 'appended' && (told?.base || !chain.base);
    return told && both ? completeChain(chain, told) : chain;
  });
}

function completeChain(chain: ChainChange, { base, head, certain }: NonNullable<Proof['told']>): ChainChange {
  const { baseSchema: before } = chain;
  const baseSchema = base ? completeSchema(before, base, certain, makerBefore(before)) : before;
  const again = followAgain(chain, baseSchema);
  return {
    ...again,
    headSchema: completeSchema(again.headSchema, head, certain, makerInChange(again)),
  };
}

/** What made an object of the older migrations: the statement whose effect is not known that names it. */
function makerBefore(schema: Schema): FindMaker {
  return (names, table) => {
    const [own = '', ofTable = own] = names;
    const named = doubtOf(schema, own) ?? onlyOne(schema.opaque);
    if (named) return by(named);
    const span = (doubtOf(schema, ofTable) ?? table ?? schema.opaque.at(-1))?.span;
    return { span: span ?? NOWHERE, madeBy: {} };
  };
}

/** What made an object of the new migrations: the statement whose effect is not known that names it, or the only one. */
function makerInChange({ headSchema, migrations }: ChainChange): FindMaker {
  const texts = new Map(
    migrations.flatMap(({ source }) =>
      source.statements.map(({ span, text }) => [span, text.toLowerCase()] as const),
    ),
  );
  const opaque = headSchema.opaque.filter(({ span }) => texts.has(span));
  return (names, table) => {
    const naming = names.map((name) =>
      opaque.filter(({ span }) => texts.get(span)?.includes(name.toLowerCase())),
    );
    const named = naming[0]?.[0] ?? onlyOne(opaque) ?? onlyOne(naming[1] ?? []);
    if (named) return by(named);
    return { span: (table ?? opaque.at(-1))?.span ?? NOWHERE, madeBy: {} };
  };
}

function by({ span }: Opaque): Maker {
  return { span, madeBy: { migration: span.path } };
}

function onlyOne<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

/** Of what no statement that was read can have made. */
const NOWHERE = { path: '(server)', line: 1, column: 1, endLine: 1, endColumn: 1 };
