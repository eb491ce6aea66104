import { z } from 'zod'

const Milliseconds = z.int().min(0).max(86_400_000)
/** Of streams, and of the WebSocket API. */
const Routes = z.array(z.enum(['public', 'market', 'private', 'ws-fapi'])).min(1)
const Alteration = z.enum([
  'unknown_fields',
  'unknown_values',
  'unknown_event',
  'numbers_as_strings',
  'strings_as_numbers',
  'nulls',
])

/** Faults of the messages of an account's stream. Which: `PlannedFault.on.events`, `.symbols`. */
export const ACCOUNT_FAULTS = [
  z.strictObject({
    kind: z.literal('account_late').meta({ says: 'account messages come late' }),
    low_ms: Milliseconds,
    high_ms: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('account_duplicated').meta({ says: 'account messages come twice' }),
    after_ms: Milliseconds.default(0),
  }),
  z.strictObject({
    kind: z.literal('account_reordered').meta({
      says: 'an account message comes after the one that follows it',
    }),
  }),
  z.strictObject({
    kind: z.literal('account_lost').meta({ says: 'account messages never come' }),
  }),
  z.strictObject({
    kind: z.literal('account_late_new').meta({
      says: 'an order is told as NEW after it was told as FILLED',
    }),
    late_ms: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('trade_lite_only').meta({
      says: 'fills are told by TRADE_LITE alone; ORDER_TRADE_UPDATE of them never comes',
    }),
  }),
  z.strictObject({
    kind: z.literal('account_malformed').meta({ says: 'frames that are no JSON' }),
  }),
  z.strictObject({
    kind: z.literal('account_altered').meta({
      says: 'account messages with other fields than documented',
    }),
    alteration: Alteration,
  }),
] as const

/** Faults of market messages. Which: `PlannedFault.on.streams`, `.symbols`. */
export const MARKET_FAULTS = [
  z.strictObject({
    kind: z.literal('market_gap').meta({ says: 'messages of a market stream are missing' }),
    messages: z.int().min(1).max(10_000).default(1),
  }),
  z.strictObject({
    kind: z.literal('market_late').meta({ says: 'market messages come late' }),
    low_ms: Milliseconds,
    high_ms: Milliseconds,
  }),
  z.strictObject({
    kind: z.literal('market_duplicated').meta({ says: 'market messages come twice' }),
  }),
  z.strictObject({
    kind: z.literal('market_reordered').meta({
      says: 'a market message comes after the one that follows it on its stream',
    }),
  }),
  z.strictObject({
    kind: z.literal('market_silent').meta({
      says: 'a stream stops, its connection and all others go on',
    }),
  }),
  z.strictObject({
    kind: z.literal('market_burst').meta({ says: 'the same message many times at once' }),
    times: z.int().min(2).max(10_000).default(100),
  }),
  z.strictObject({
    kind: z.literal('book_ticker_crossed').meta({ says: 'best bid above best ask' }),
  }),
  z.strictObject({
    kind: z.literal('mark_price_stale').meta({ says: 'the mark price stands still' }),
  }),
  z.strictObject({
    kind: z.literal('kline_never_closes').meta({ says: 'no kline is ever final' }),
  }),
  z.strictObject({
    kind: z.literal('market_malformed').meta({ says: 'frames that are no JSON' }),
  }),
  z.strictObject({
    kind: z.literal('market_altered').meta({
      says: 'market messages with other fields than documented',
    }),
    alteration: Alteration,
  }),
] as const

/** Faults of stream connections. */
export const CONNECTION_FAULTS = [
  z.strictObject({
    kind: z.literal('stream_closed').meta({ says: 'connections are closed with a code' }),
    routes: Routes,
    code: z.int().min(1000).max(4999).default(1001),
  }),
  z.strictObject({
    kind: z.literal('stream_terminated').meta({
      says: 'connections end without a word (1006 at the client)',
    }),
    routes: Routes,
  }),
  z.strictObject({
    kind: z.literal('stream_silent').meta({
      says: 'half open: nothing is sent any more, and nothing says so',
    }),
    routes: Routes,
  }),
  z.strictObject({
    kind: z.literal('stream_life_ends').meta({
      says: 'connections are closed when they are this old: 24 hours by default',
    }),
    routes: Routes,
    life_ms: z.int().min(1).max(86_400_000).default(86_400_000),
  }),
  z.strictObject({
    kind: z.literal('stream_down').meta({
      says: 'no connection lives, none can be opened: what happens meanwhile is never told',
    }),
    routes: Routes,
  }),
] as const

/** Faults of listen keys that nobody asked about. */
export const LISTEN_KEY_FAULTS = [
  z.strictObject({
    kind: z.literal('listen_key_expired').meta({
      says: 'listenKeyExpired, the connection left open and silent',
    }),
  }),
] as const
