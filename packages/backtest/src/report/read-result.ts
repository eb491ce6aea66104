import { TapedeckError } from '@tapedeck/contracts'
import { z } from 'zod'
import type { BacktestResult } from '../result/backtest-result.ts'
import type { BacktestContext } from './trade-context.ts'

const At = z.int().min(0).max(8_640_000_000_000_000)
const Words = z.string().max(10_000)

const Trade = z.object({
  trade_id: Words,
  symbol: Words,
  strategy: Words,
  side: z.enum(['LONG', 'SHORT']),
  grade: Words.nullable(),
  exit_reason: Words,
  session: Words,
  entered_at: At,
  exited_at: At,
  quantity: z.number(),
  entry_price: z.number(),
  exit_price: z.number(),
  fees: z.number(),
  funding: z.number(),
  net_pnl: z.number(),
  r: z.number().nullable(),
  mae_r: z.number().nullable(),
  mfe_r: z.number().nullable(),
})

const Result = z.object({
  run_id: Words,
  strategy: Words,
  symbols: z.array(Words).max(1000),
  from: At,
  to: At,
  starting_balance: z.number(),
  trades: z.array(Trade),
  equity: z
    .array(z.object({ at: At, equity: z.number() }))
    .refine((points) => points.every(({ at }, i) => i === 0 || at >= points[i - 1]!.at), {
      error: 'expected points in order of time',
    }),
  counts: z.record(Words, z.number()),
  provenance: z.record(Words, Words),
  limits: z.array(z.object({ code: Words, about: Words })),
  gaps: z.array(z.object({ symbol: Words, from: At, to: At, what: Words })),
  stopped: z.object({ at: At, reason: Words }).nullable(),
})

const Bar = z.object({
  open_time: At,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volume: z.number(),
  delta: z.number(),
})

const Decimal = z.string().regex(/^-?\d{1,20}(\.\d{1,18})?$/)
const Side = z.enum(['BUY', 'SELL'])
const Footprint = z.object({
  open_time: At,
  rows: z.array(z.object({ price: Decimal, buy: Decimal, sell: Decimal })).max(20_000),
  poc: Decimal.nullable(),
  delta: Decimal,
  volume: Decimal,
  imbalances: z.array(z.object({ price: Decimal, side: Side })).max(40_000),
  stacks: z.array(z.object({ side: Side, low: Decimal, high: Decimal })).max(20_000),
  unfinished_high: z.boolean(),
  unfinished_low: z.boolean(),
})

const Context = z.object({
  format: z.literal('tapedeck-context'),
  version: z.literal(1),
  trades: z
    .array(
      z.object({
        trade_id: Words,
        bar_ms: z.int().min(1000),
        bars: z.array(Bar).max(10_000),
        footprint_ms: z.int().min(1000),
        footprints: z.array(Footprint).max(100),
        row_height: z.number().positive(),
      }),
    )
    .max(1000),
  chosen: Words.nullable(),
})

const parse = <T>(schema: z.ZodType<T>, text: string, name: string): T => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new TapedeckError('VALIDATION_FAILED', `${name}: is not JSON`, { cause })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const { path, message } = parsed.error.issues[0]!
  const field = path.length === 0 ? 'its contents' : path.map(String).join('.')
  throw new TapedeckError('VALIDATION_FAILED', `${name}: ${field}: ${message}`, {
    hint: 'Expected the file as tapedeck backtest --out wrote it.',
  })
}

/** A result as `tapedeck backtest --out` wrote it. Throws VALIDATION_FAILED that names the field. */
export const parseResult = (text: string, name: string): BacktestResult => parse(Result, text, name)

/** Market data around its trades. Throws VALIDATION_FAILED that names the field. */
export const parseContext = (text: string, name: string): BacktestContext =>
  parse(Context, text, name)
