import { type BaseTables, type Database, selectPage } from '@tapedeck/database'
import { z } from 'zod'
import { type App, PAGE_QUERY, RANGE_QUERY, pageBody } from '../http/index.ts'

export interface TableList<Tables> {
  readonly url: string
  readonly summary: string
  readonly tag: string
  readonly table: keyof Tables & string
  /** Newest first by these two columns; together they are unique under the filters. */
  readonly sort: string
  readonly id: string
  /** Query fields, each a column that must equal. */
  readonly filters: z.ZodRawShape
}

type PageQuery = {
  readonly limit: number
  readonly cursor?: string
  readonly from?: number
  readonly to?: number
} & Readonly<Record<string, string | number | boolean | undefined>>

/** A table as a list for viewers: pages by cursor, a time range, filters. */
export const addTableList = <Tables extends BaseTables>(
  app: App,
  db: Database<Tables>,
  list: TableList<Tables>,
): void => {
  const { url, summary, tag, table, sort, id } = list
  const querystring = z.strictObject({ ...PAGE_QUERY, ...RANGE_QUERY, ...list.filters })
  app.get(
    url,
    { config: { access: 'viewer' }, schema: { summary, tags: [tag], querystring } },
    async (request) => {
      const { limit, cursor, from, to, ...filters } = request.query as PageQuery
      const order = { sort, id }
      return pageBody(
        await selectPage(db.kysely, table, { order, filters, from, to, limit, cursor }),
      )
    },
  )
}
