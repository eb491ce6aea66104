import { TapedeckError } from '@tapedeck/contracts'
import { selectPage } from '@tapedeck/database'
import {
  type AccessTokens,
  type App,
  type Request,
  PAGE_QUERY,
  Role,
  TOKEN_TTL_SECONDS_MAX,
  pageBody,
  pageSchema,
  principalOf,
  requireRole,
} from '@tapedeck/runtime'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { ApiKeyTable, Tables } from '../store.ts'
import { type KeyStore, pepperId } from './key-store.ts'
import { keyIdOf } from './live-token.ts'

export interface KeyRouteParts {
  readonly context: Context
  readonly keys: KeyStore
  readonly tokens: AccessTokens
}

type KeyRow = ApiKeyTable & Record<string, unknown>

const tags = ['keys']
const DAY_MS = 86_400_000

const KeyView = z.object({
  key_id: z.string(),
  name: z.string(),
  role: Role,
  created_at: z.int(),
  created_by: z.string(),
  expires_at: z.int().nullable(),
  revoked_at: z.int().nullable(),
  last_used_at: z.int().nullable().describe('To the minute'),
  usable: z.boolean().describe('Neither revoked nor expired, and made with the pepper in use'),
})

const NewKeyBody = z.strictObject({
  name: z.string().min(1).max(80).describe('What it is for, for people'),
  role: Role,
  expires_in_days: z
    .int()
    .min(1)
    .max(3_650)
    .optional()
    .describe('Without it the key does not expire'),
})

const TokenBody = z
  .strictObject({
    role: Role.optional().describe('A lower role than that of the key'),
    ttl_seconds: z.int().min(1).max(TOKEN_TTL_SECONDS_MAX).optional(),
  })
  .nullish()

const viewOf = (row: ApiKeyTable, pepper: string, now: number): z.infer<typeof KeyView> => ({
  key_id: row.key_id,
  name: row.name,
  role: row.role,
  created_at: row.created_at,
  created_by: row.created_by,
  expires_at: row.expires_at,
  revoked_at: row.revoked_at,
  last_used_at: row.last_used_at,
  usable:
    row.revoked_at === null &&
    (row.expires_at === null || row.expires_at > now) &&
    row.pepper_id === pepperId(pepper),
})

/** A token may not outlive its key, and may not be made from a token, or it would live for ever. */
const ttlOf = async (request: Request, keys: KeyStore, now: number): Promise<number> => {
  const principal = principalOf(request)
  if (principal.kind !== 'api_key')
    throw new TapedeckError(
      'UNAUTHENTICATED',
      'An access token cannot be exchanged; send the API key',
    )
  const key = await keys.find(keyIdOf(principal.id) ?? '')
  const leftMs = (key?.expiresAtMs ?? Number.POSITIVE_INFINITY) - now
  return Math.min(TOKEN_TTL_SECONDS_MAX, Math.ceil(leftMs / 1000))
}

const addTokenRoutes = (app: App, { context, keys, tokens }: KeyRouteParts): void => {
  app.post(
    '/v1/tokens',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Exchange an API key for an access token of at most 15 minutes',
        tags,
        body: TokenBody,
        response: {
          201: z.object({
            access_token: z.string(),
            token_type: z.literal('Bearer'),
            role: Role,
            expires_at: z.int(),
          }),
        },
      },
    },
    async (request, reply) => {
      const { id, role } = principalOf(request)
      const wanted = request.body?.role ?? role
      requireRole(request, wanted)
      const ttl = await ttlOf(request, keys, context.clock.now())
      const made = await tokens.mint(
        { id, role: wanted },
        Math.min(ttl, request.body?.ttl_seconds ?? ttl),
      )
      return await reply.code(201).send({
        access_token: made.token,
        token_type: 'Bearer' as const,
        role: wanted,
        expires_at: made.expiresAtMs,
      })
    },
  )
  app.get(
    '/v1/me',
    {
      config: { access: 'viewer' },
      schema: {
        summary: 'Who the caller is',
        tags,
        response: {
          200: z.object({ id: z.string(), role: Role, kind: z.enum(['api_key', 'token']) }),
        },
      },
    },
    (request) => principalOf(request),
  )
}

const addCreate = (app: App, { context, keys }: KeyRouteParts): void => {
  app.post(
    '/v1/keys',
    {
      // No Idempotency-Key: the kept answer would hold the key itself. A repetition makes a second key.
      config: { access: 'admin' },
      schema: {
        summary: 'Create an API key; it is shown in this answer and never again',
        tags,
        body: NewKeyBody,
        response: { 201: KeyView.extend({ key: z.string().describe('The key itself') }) },
      },
    },
    async (request, reply) => {
      const { name, role, expires_in_days: days } = request.body
      const { config, clock } = context
      const { row, text } = await keys.create({
        name,
        role,
        environment: config.TAPEDECK_API_KEY_ENVIRONMENT,
        createdBy: principalOf(request).id,
        expiresAt: days === undefined ? null : clock.now() + days * DAY_MS,
      })
      const view = viewOf(row, config.TAPEDECK_API_KEY_PEPPER, clock.now())
      return await reply.code(201).send({ ...view, key: text })
    },
  )
}

/** Keys and tokens over REST. */
export const addKeyRoutes = (app: App, parts: KeyRouteParts): void => {
  const { context, keys } = parts
  addTokenRoutes(app, parts)
  addCreate(app, parts)
  app.get(
    '/v1/keys',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'API keys, newest first',
        tags,
        querystring: z.strictObject({ ...PAGE_QUERY }),
        response: { 200: pageSchema(KeyView) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const page = await selectPage<KeyRow, Tables>(context.db.kysely, 'api_key', {
        order: { sort: 'created_at', id: 'key_id' },
        filters: {},
        limit,
        cursor,
      })
      const now = context.clock.now()
      const data = page.data.map((row) => viewOf(row, context.config.TAPEDECK_API_KEY_PEPPER, now))
      return pageBody({ ...page, data })
    },
  )
  app.delete(
    '/v1/keys/:key_id',
    {
      config: { access: 'admin' },
      schema: {
        summary: 'Revoke an API key, and with it every token that it was exchanged for',
        tags,
        params: z.strictObject({ key_id: z.string().regex(/^[0-9A-Za-z]{12}$/) }),
      },
    },
    async (request, reply) => {
      await keys.revoke(request.params.key_id)
      return await reply.code(204).send()
    },
  )
}
