import {
  AccountUpdated,
  Box,
  ExitReason,
  Grade,
  NoSignalReason,
  PositionSide,
  RunEnded,
  RunStarted,
  SERVICES,
  SessionUpdated,
  Side,
  Strategy,
  TradeStatus,
  TradingStateChanged,
} from '@tapedeck/contracts'
import { z } from 'zod'

const at = z.int().describe('Market time, ms')
const on = { venue: z.string(), symbol: z.string() }

export const RunView = z.object({
  run_id: z.string(),
  kind: RunStarted.shape.kind.describe(
    'Only live is a venue; generated and recording are not the market',
  ),
  source: z.string(),
  lockstep: z.boolean(),
  started_at: at,
  instruments: z.array(z.string()),
  ended: RunEnded.pick({ reason: true, detail: true }).nullable().describe('null while it goes on'),
})

export const ServiceView = z.object({
  service: z.enum(SERVICES),
  ready: z.boolean().nullable().describe('null when it does not answer or its address is unknown'),
  reasons: z.array(z.string()).describe('Checks that are not ok, and why it does not answer'),
})

export const FeedView = z.object({
  ...on,
  state: z.enum(['fresh', 'stale', 'ended', 'unknown']),
  market_time: z.int().nullable().describe('Of the newest market message, ms'),
  age_ms: z.int().nullable().describe('Wall-clock time since it was stored'),
  behind_ms: z
    .int()
    .nullable()
    .describe('Wall clock less market time; null unless the run is live'),
  last_price: z.string().nullable(),
  last_trade_at: z.int().nullable(),
  channels: z
    .array(z.object({ channel: z.string(), status: z.string(), reason: z.string(), at }))
    .describe('What ingest said last about each channel'),
})

export const SetupView = z.object({
  ...on,
  setup_id: z.string(),
  at,
  strategy: Strategy,
  side: Side,
  grade: Grade,
  score: z.int(),
  price: z.string(),
  boxes: z.array(z.object({ box: Box, checked: z.boolean(), note: z.string() })),
  signalled: z.boolean(),
  reasons: z.array(NoSignalReason).describe('Why it did not become a signal'),
  decision: z
    .enum(['approved', 'denied'])
    .nullable()
    .describe('What risk said; null when it was not asked or has not answered'),
})

export const RefusalView = z.object({
  ...on,
  decision_id: z.string(),
  setup_id: z.string(),
  at,
  side: Side,
  grade: Grade,
  reason: z.string().describe('The first failing check'),
  reasons: z.array(z.string()),
  details: z.array(z.string()).describe('What each failing check compared'),
})

export const PositionView = z.object({
  ...on,
  side: PositionSide,
  quantity: z.string(),
  average_price: z.string().nullable(),
  realized_pnl: z.string(),
  protected: z.boolean(),
  trade_id: z.string().nullable(),
  status: TradeStatus.nullable(),
  stop_price: z.string().nullable(),
  target_price: z.string().nullable(),
  opened_at: z.int().nullable(),
})

export const ClosedTradeView = z.object({
  ...on,
  trade_id: z.string(),
  side: Side,
  grade: Grade,
  closed_at: at,
  exit_reason: ExitReason,
  net_pnl: z.string(),
  r_multiple: z.number(),
})

export const SizingView = z.object({
  base_risk_percent: z.number(),
  policies: z.array(
    z.object({
      policy: z.enum(['fixed_fraction', 'house_money']),
      in_force: z.boolean(),
      risk_multiplier: z.number().nullable().describe('null until the session is known'),
      risk_percent: z.number().nullable().describe('Of equity, for a grade A setup'),
      risk_of_ruin: z.number().nullable().describe('Fraction; null when it cannot be computed'),
    }),
  ),
  ruin_percent: z
    .number()
    .describe('What counts as ruin: the loss at which the drawdown breaker latches'),
  trades: z.int().describe('Closed trades of this run that the risk of ruin is computed from'),
  win_rate: z.number().nullable(),
  payoff: z.number().nullable().describe('Mean win over mean loss, in R'),
  unknown_because: z.string().nullable(),
})

export const BreakEvenView = z.object({
  buffer_percent: z.number(),
  maker_percent: z.number(),
  taker_percent: z.number(),
  fees_percent: z.number().describe('Entry and exit as taker'),
  fees_maker_entry_percent: z.number().describe('Entry as maker, exit as taker'),
  result_percent: z
    .number()
    .describe('Of notional, when a break-even stop fills at its price after a taker entry'),
  covers_fees: z.boolean(),
  sentence: z.string(),
})

/** What `GET /v1/status` answers. */
export const Status = z.object({
  at: z.int().describe('Wall clock of this answer, ms'),
  version: z.string(),
  ready: z.boolean().describe('Whether every service is ready'),
  run: RunView.nullable(),
  tape: z.object({
    connection: z.string(),
    last_seq: z.int().nullable(),
    seen_seq: z.int().nullable().describe('How far this picture has got'),
    lag: z.int().nullable(),
  }),
  services: z.array(ServiceView),
  feeds: z.array(FeedView),
  account: AccountUpdated.nullable(),
  session: SessionUpdated.nullable(),
  trading_state: TradingStateChanged.nullable(),
  positions: z.array(PositionView),
  setups: z.array(SetupView).describe('Newest first'),
  refusals: z.array(RefusalView).describe('Newest first'),
  closed_trades: z.array(ClosedTradeView).describe('Newest first'),
  sizing: SizingView,
  break_even: BreakEvenView,
  counts: z
    .record(z.string(), z.int())
    .nullable()
    .describe('Envelopes that the tape holds, by type'),
})
export type Status = z.infer<typeof Status>
