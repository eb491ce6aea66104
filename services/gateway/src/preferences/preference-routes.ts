import { TapedeckError } from '@tapedeck/contracts'
import {
  type App,
  type Reply,
  etagOf,
  expectedVersion,
  isNotModified,
  principalOf,
  versionMismatch,
} from '@tapedeck/runtime'
import { z } from 'zod'
import type { Context } from '../context.ts'

const BYTES_MAX = 16 * 1024
const tags = ['preferences']

const params = z.strictObject({ key: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/) })
/** Any JSON. Not taken apart any further: nobody but its owner reads it. */
const JsonValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
])
const Preference = z.object({
  key: z.string(),
  version: z.int().describe('0 when it was never set'),
  value: JsonValue,
  updated_at: z.int().nullable(),
})
type Preference = z.infer<typeof Preference>

const load = async (context: Context, principal: string, key: string): Promise<Preference> => {
  const row = await context.db.kysely
    .selectFrom('preference')
    .select(['version', 'value', 'updated_at'])
    .where('principal', '=', principal)
    .where('key', '=', key)
    .executeTakeFirst()
  if (row === undefined) return { key, version: 0, value: null, updated_at: null }
  const value = JSON.parse(row.value) as Preference['value']
  return { key, version: row.version, value, updated_at: row.updated_at }
}

interface Change {
  readonly principal: string
  readonly key: string
  readonly value: string
  readonly updated_at: number
  /** Version that the caller has read; null overwrites whatever is there. */
  readonly expected: number | null
}

/** One statement, so that two writers with the same version cannot both win. Returns the new version, or null. */
const store = async (context: Context, change: Change): Promise<number | null> => {
  const { principal, key, value, updated_at, expected } = change
  const { kysely } = context.db
  if (expected !== null && expected > 0) {
    const row = await kysely
      .updateTable('preference')
      .set({ value, updated_at, version: expected + 1 })
      .where('principal', '=', principal)
      .where('key', '=', key)
      .where('version', '=', expected)
      .returning('version')
      .executeTakeFirst()
    return row?.version ?? null
  }
  const insert = kysely
    .insertInto('preference')
    .values({ principal, key, value, updated_at, version: 1 })
  const row = await insert
    .onConflict((on) =>
      expected === 0
        ? on.doNothing()
        : on.columns(['principal', 'key']).doUpdateSet((set) => ({
            value: set.ref('excluded.value'),
            updated_at: set.ref('excluded.updated_at'),
            version: set('preference.version', '+', 1),
          })),
    )
    .returning('version')
    .executeTakeFirst()
  return row?.version ?? null
}

const addWrite = (app: App, context: Context): void => {
  app.put(
    '/v1/preferences/:key',
    {
      config: { access: 'viewer', ifMatch: true },
      schema: {
        summary: 'Set a preference; If-Match names the version that was read, "0" for the first',
        tags,
        params,
        body: z.strictObject({ value: JsonValue }),
        response: { 200: Preference },
      },
    },
    async (request, reply) => {
      const { key } = request.params
      const value = JSON.stringify(request.body.value)
      const bytes = Buffer.byteLength(value)
      if (bytes > BYTES_MAX)
        throw new TapedeckError(
          'PAYLOAD_TOO_LARGE',
          `The value has ${bytes} bytes, at most ${BYTES_MAX}`,
        )
      const principal = principalOf(request).id
      const updated_at = context.clock.now()
      const change = { principal, key, value, updated_at, expected: expectedVersion(request) }
      const version = await store(context, change)
      if (version === null) throw versionMismatch((await load(context, principal, key)).version)
      reply.header('etag', etagOf(version))
      return { key, version, value: request.body.value, updated_at }
    },
  )
}

/** Preferences over REST. */
export const addPreferenceRoutes = (app: App, context: Context): void => {
  app.get(
    '/v1/preferences/:key',
    {
      config: { access: 'viewer' },
      schema: {
        summary: "One of the caller's preferences",
        tags,
        params,
        response: { 200: Preference },
      },
    },
    async (request, reply) => {
      const preference = await load(context, principalOf(request).id, request.params.key)
      const isKnown = isNotModified(request, reply, preference.version)
      return isKnown ? await (reply as Reply).send() : preference
    },
  )
  addWrite(app, context)
}
