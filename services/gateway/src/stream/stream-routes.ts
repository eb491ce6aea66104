import { Symbol, TapedeckError } from '@tapedeck/contracts'
import { type App, type Request, principalOf } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Streams } from './streams.ts'

const MEDIA_TYPE = 'text/event-stream'
const Position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** Whether the caller takes an event stream; asking for nothing in particular takes anything (RFC 9110 §12.5.1). */
export const acceptsEventStream = (accept: string | undefined): boolean => {
  if (accept === undefined || accept.trim() === '') return true
  return accept.split(',').some((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const isRefused = parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
    return [MEDIA_TYPE, 'text/*', '*/*'].includes(range) && !isRefused
  })
}

/** The header wins: a browser that reconnects sends it with the address of its first request. */
const positionOf = (request: Request, fromQuery: number | undefined): number | null => {
  const header = request.headers['last-event-id']
  if (header === undefined || header === '') return fromQuery ?? null
  const text = String(header)
  const position = /^\d{1,15}$/.test(text) ? Position.safeParse(text) : null
  if (position?.success === true) return position.data
  throw new TapedeckError('VALIDATION_FAILED', 'The Last-Event-ID is not a position on the tape', {
    details: {
      errors: [
        {
          header: 'Last-Event-ID',
          detail: 'expected the id of an event of this stream, a whole number',
          code: 'invalid_format',
        },
      ],
    },
  })
}

/** `GET /v1/stream`. */
export const addStreamRoutes = (app: App, streams: Streams): void => {
  app.get(
    '/v1/stream',
    {
      config: { access: 'viewer' },
      exposeHeadRoute: false,
      schema: {
        summary: 'The tape as server-sent events, from any position, then live',
        description:
          'Each event: `id` = its place on the tape, `event` = its type, `data` = its envelope in one line. Resume with ' +
          '`Last-Event-ID` or `last_event_id`. The stream itself sends `hello`, `hb` (every 10 s, with the position), ' +
          '`resync` (the tape does not hold that position any more; it says where it went on) and `bye`.',
        tags: ['stream'],
        querystring: z.strictObject({
          topics: z
            .string()
            .min(1)
            .max(4_000)
            .optional()
            .describe(
              'Message types or what they begin with, separated by commas. Without it all but market.trades and market.depth',
            ),
          symbol: Symbol.optional().describe('Only what is about this symbol, or about none'),
          last_event_id: Position.optional().describe(
            'The client has everything up to here; 0 is the beginning',
          ),
        }),
      },
    },
    async (request, reply) => {
      if (!acceptsEventStream(request.headers.accept))
        throw new TapedeckError('NOT_ACCEPTABLE', `This answers with ${MEDIA_TYPE} only`)
      const { topics, symbol, last_event_id: fromQuery } = request.query
      const body = await streams.open({
        caller: principalOf(request).id,
        credential: (request.headers.authorization ?? '').replace(/^Bearer +/i, ''),
        topics,
        symbol,
        after: positionOf(request, fromQuery),
      })
      return await reply
        .header('content-type', `${MEDIA_TYPE}; charset=utf-8`)
        .header('cache-control', 'no-cache, no-transform')
        .header('x-accel-buffering', 'no')
        .send(body)
    },
  )
}
