import type { Page } from '@tapedeck/database'
import { z } from 'zod'

/** Query fields of a list: spread into the strict schema of a route. Cursors themselves are the database's. */
export const PAGE_QUERY = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Items on a page'),
  cursor: z
    .string()
    .max(512)
    .optional()
    .describe('next_cursor of the page before; the filters must stay the same'),
}

/** Half-open time range of a list, in milliseconds. */
export const RANGE_QUERY = {
  from: z.coerce.number().int().min(0).optional().describe('Earliest time, inclusive, ms'),
  to: z.coerce.number().int().min(0).optional().describe('Latest time, exclusive, ms'),
}

type PageSchema<S extends z.ZodType> = z.ZodObject<{
  data: z.ZodArray<S>
  page: z.ZodObject<{ next_cursor: z.ZodNullable<z.ZodString> }>
}>

/** A page of a list, as it is answered. No totals: counting costs more than the page. */
export const pageSchema = <S extends z.ZodType>(item: S): PageSchema<S> =>
  z.object({
    data: z.array(item),
    page: z.object({ next_cursor: z.string().nullable().describe('null on the last page') }),
  })

/** A page of rows as the body of an answer. */
export const pageBody = <Item>(
  page: Page<Item>,
): { data: Item[]; page: { next_cursor: string | null } } => ({
  data: page.data,
  page: { next_cursor: page.nextCursor },
})
