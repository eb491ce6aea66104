import { createHmac, timingSafeEqual } from 'node:crypto'
import { TapedeckError, canonicalJson } from '@tapedeck/contracts'
import { z } from 'zod'

/** Query fields of a list: spread into the strict schema of a route. */
export const PAGE_QUERY = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Items on a page'),
  cursor: z
    .string()
    .max(1024)
    .optional()
    .describe('next_cursor of the page before; the filters must stay the same'),
}

/** A page of a list. No totals: counting costs more than the page. */
export const pageOf = <S extends z.ZodType>(
  item: S,
): z.ZodObject<{
  data: z.ZodArray<S>
  page: z.ZodObject<{ next_cursor: z.ZodNullable<z.ZodString> }>
}> =>
  z.object({
    data: z.array(item),
    page: z.object({ next_cursor: z.string().nullable().describe('null on the last page') }),
  })

/** Positions in lists as opaque text. */
export interface Cursors {
  /** `position` is the sort key of the last item; `filters` is all that selects and orders the list. */
  encode(position: unknown, filters: unknown): string
  /** The position, checked; throws `CURSOR_INVALID` when it is not ours, or of another list. */
  decode<S extends z.ZodType>(cursor: string, filters: unknown, schema: S): z.output<S>
}

const SIGNATURE_BYTES = 16

const refused = (why: string): TapedeckError => new TapedeckError('CURSOR_INVALID', why)

const readPosition = (payload: Buffer): unknown => {
  try {
    return JSON.parse(payload.toString()) as unknown
  } catch {
    throw refused('The cursor cannot be read')
  }
}

/** Cursors signed with a secret: nobody can reach into a list by making one up. */
export const createCursors = (secret: string): Cursors => {
  const key = createHmac('sha256', secret).update('tapedeck cursor v1').digest()
  const sign = (payload: Buffer, filters: unknown): Buffer =>
    createHmac('sha256', key)
      .update(payload)
      .update('\n')
      .update(canonicalJson(filters ?? null))
      .digest()
      .subarray(0, SIGNATURE_BYTES)

  return {
    encode: (position, filters) => {
      const payload = Buffer.from(canonicalJson(position))
      return Buffer.concat([sign(payload, filters), payload]).toString('base64url')
    },
    decode: (cursor, filters, schema) => {
      const bytes = Buffer.from(cursor, 'base64url')
      const signature = bytes.subarray(0, SIGNATURE_BYTES)
      const payload = bytes.subarray(SIGNATURE_BYTES)
      if (signature.length < SIGNATURE_BYTES || !timingSafeEqual(signature, sign(payload, filters)))
        throw refused('The cursor does not belong to this list and these filters')
      const position = schema.safeParse(readPosition(payload))
      if (!position.success) throw refused('The cursor is of another version')
      return position.data
    },
  }
}
