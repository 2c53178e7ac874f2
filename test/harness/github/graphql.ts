import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import type { Hosted, Pull, ReviewComment, State, Token } from './state.ts';
import { allows, sees } from './tokens.ts';

let made: GraphQLSchema | undefined;

/** GitHub's own schema, as it publishes it. */
function schema(): GraphQLSchema {
  const file = new URL('schema.graphql', import.meta.resolve('@octokit/graphql-schema'));
  made ??= buildSchema(readFileSync(file, 'utf8'), {
    assumeValid: true,
    assumeValidSDL: true,
    noLocation: true,
  });
  return made;
}

/**
 * Answers a GraphQL request by GitHub's own schema: what that does not know is refused, and what the double does not serve is
 * named. It serves who asks, the threads of a pull request, and to resolve and reopen one.
 */
export async function answerGraphql(
  state: State,
  token: Token,
  query: string,
  variableValues: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    return { errors: [{ message: String(error) }] };
  }
  const wrong = validate(schema(), document);
  if (wrong.length > 0) return { errors: wrong.map(({ message }) => ({ message })) };
  const rootValue = rootOf(state, token);
  const result = await execute({
    schema: schema(),
    document,
    rootValue,
    variableValues,
    fieldResolver: served,
  });
  const errors = result.errors?.map(({ message, path, extensions }) => ({ message, path, ...extensions }));
  return { data: result.data ?? null, ...(errors ? { errors } : {}) };
}

/** What a resolver of ours may hold: values, and functions of a field's arguments. */
type Value = Readonly<Record<string, unknown>>;

const served: GraphQLFieldResolver<Value, unknown> = (source, args, _context, { fieldName, parentType }) => {
  if (!Object.hasOwn(source, fieldName))
    throw new Error(`the double does not serve ${parentType.name}.${fieldName}`);
  const value = source[fieldName];
  return typeof value === 'function' ? value(args) : value;
};

function rootOf(state: State, token: Token): Value {
  return {
    viewer: { login: token.actor.login },
    repository: ({ owner, name }: { readonly owner: string; readonly name: string }) => {
      const found = state.repositories.get(`${owner}/${name}`);
      if (!found || !sees(token, found))
        throw refusal('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      return repositoryValue(found);
    },
    resolveReviewThread: ({ input }: Input) => ({ thread: settle(state, token, input.threadId, true) }),
    unresolveReviewThread: ({ input }: Input) => ({ thread: settle(state, token, input.threadId, false) }),
  };
}

interface Input {
  readonly input: { readonly threadId: string };
}

function repositoryValue(repository: Hosted): Value {
  return {
    pullRequest: ({ number }: { readonly number: number }) => {
      const pull = repository.pulls.find((one) => one.number === number);
      if (!pull)
        throw refusal('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`);
      const threads = pull.threads.filter(({ inReplyTo }) => inReplyTo === undefined);
      return { reviewThreads: connection('reviewThreads', threads, (one) => threadValue(pull, one)) };
    },
  };
}

function threadValue({ threads }: Pull, comment: ReviewComment): Value {
  const all = threads.filter(({ id, inReplyTo }) => id === comment.id || inReplyTo === comment.id);
  return {
    id: `PRRT_${comment.id}`,
    isResolved: comment.resolvedBy !== undefined,
    isOutdated: comment.line === undefined && comment.subject === 'line',
    comments: connection('comments', all, ({ id, body }) => ({ databaseId: id, body })),
  };
}

/** A list in pages of at most 100, which GitHub gives to nobody who does not say how many. */
function connection<T>(name: string, all: readonly T[], toValue: (one: T) => Value) {
  return ({ first, after }: { readonly first?: number; readonly after?: string | null }) => {
    if (first === undefined)
      throw refusal(
        'MISSING_PAGINATION_BOUNDARIES',
        `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
      );
    if (first > 100)
      throw refusal(
        'EXCESSIVE_PAGINATION',
        `Requesting ${first} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`,
      );
    const from = after ? Number(after) : 0;
    const hasNextPage = from + first < all.length;
    return {
      totalCount: all.length,
      nodes: all.slice(from, from + first).map(toValue),
      pageInfo: { hasNextPage, endCursor: hasNextPage ? String(from + first) : null },
    };
  };
}

/** It takes write access to contents, whatever the documentation of permissions says of pull requests. */
function settle(state: State, token: Token, thread: string, isResolved: boolean): Value {
  const id = Number(thread.replace(/^PRRT_/, ''));
  for (const repository of state.repositories.values())
    for (const pull of repository.pulls) {
      const comment = pull.threads.find((one) => one.id === id);
      if (!comment || !sees(token, repository)) continue;
      if (!mayResolve(token, repository))
        throw refusal('FORBIDDEN', 'Resource not accessible by integration');
      if (isResolved) comment.resolvedBy = token.actor;
      else delete comment.resolvedBy;
      return threadValue(pull, comment);
    }
  throw refusal('NOT_FOUND', `Could not resolve to a node with the global id of '${thread}'`);
}

function mayResolve(token: Token, { people }: Hosted): boolean {
  if (token.kind === 'personal') return ['admin', 'write'].includes(people.get(token.actor.login) ?? '');
  return allows(token.permissions, 'contents', 'write');
}

function refusal(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}
