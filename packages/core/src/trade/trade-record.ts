import type { ExitReason, OtherFees, SignalApproved, Trade, TradeStatus } from '@tapedeck/contracts'
import { stepsToDecimal } from '../market/index.ts'
import { averagePrice, type InstrumentGrid } from '../order/index.ts'
import type { RefusedExits } from './exit-pace.ts'

/** Where the stop in force comes from; it names the exit when the stop fills. */
export type StopBasis = 'initial' | 'break_even' | 'trailing'

/**
 * One idea while it is carried out. Whole ticks and lots; JSON-safe. Its ledger (money) is kept
 * beside it, and so are its orders.
 */
export type TradeRecord = {
  readonly tradeId: string
  readonly plan: Pick<
    Trade,
    'setup_id' | 'signal_id' | 'decision_id' | 'strategy' | 'grade' | 'side'
  >
  readonly plannedLots: number
  readonly plannedTicks: number
  readonly initialStopTicks: number
  readonly targetTicks: number
  /** The entry is canceled from here on, or as soon as there is another reason to. */
  readonly entryDeadline: number
  entryCancelReason: string | null
  status: TradeStatus
  /** Where the stop should be; `heldStop` is the last that the venue acknowledged. */
  stopTicks: number
  stopBasis: StopBasis
  heldStop: { readonly ticks: number; readonly lots: number; readonly basis: StopBasis } | null
  /** An acknowledged stop covers all that is open. */
  covered: boolean
  /** A refused move of the stop is not tried again before. */
  moveRetryAt: number
  openedAt: number | null
  entryLots: number
  entryTickLots: number
  exitLots: number
  exitTickLots: number
  lastExitAt: number | null
  /** Extremes of the price since the entry, for adverse and favorable excursion. */
  lowTicks: number
  highTicks: number
  /** When the price first lay far enough in the trade's favor to count as follow-through. */
  followedAt: number | null
  /** Open lots that no acknowledged stop covers, each with the time since when. Oldest first. */
  uncovered: { readonly lots: number; readonly at: number }[]
  /** Set by the first exit fill, or by the wish to leave. Nothing is protected or resized after it. */
  exitReason: ExitReason | null
  /** Reconciliation knows better how much there is to protect. */
  protectLots: number | null
  orderCounter: number
  exitAttempts: number
  exitRetryAt: number | null
  targetRejections: number
  /** The rest is of live venues alone, and absent until it is needed. */
  entrySends?: number
  /** The entry never was at the venue: it is planned anew from here on. */
  entryRetryAt?: number | null
  /** Protection is not sent before. */
  protectRetryAt?: number
  stopResends?: number
  refusedExits?: RefusedExits
  /** Of `exitLots`: what others took, while the trade went on. */
  reducedLots?: number
  /** Fees in assets that are not the quote's. */
  otherFees?: OtherFees[]
}

export const openLots = (trade: TradeRecord): number => trade.entryLots - trade.exitLots

/** 1 when the trade gains from rising prices, -1 when from falling. */
export const direction = (trade: Pick<TradeRecord, 'plan'>): 1 | -1 =>
  trade.plan.side === 'BUY' ? 1 : -1

/** What a trade is to reach for, in whole lots and ticks. */
export type TradeSteps = {
  readonly lots: number
  readonly entryTicks: number
  readonly stopTicks: number
  readonly targetTicks: number
}

/** A trade of which nothing has happened yet. `entryCancelReason`: its entry is not to come any more. */
export const newTrade = (
  tradeId: string,
  plan: TradeRecord['plan'],
  steps: TradeSteps,
  entryDeadline: number,
  entryCancelReason: string | null = null,
): TradeRecord => ({
  tradeId,
  plan,
  plannedLots: steps.lots,
  plannedTicks: steps.entryTicks,
  initialStopTicks: steps.stopTicks,
  targetTicks: steps.targetTicks,
  entryDeadline,
  entryCancelReason,
  status: 'PENDING_ENTRY',
  stopTicks: steps.stopTicks,
  stopBasis: 'initial',
  heldStop: null,
  covered: false,
  moveRetryAt: 0,
  openedAt: null,
  entryLots: 0,
  entryTickLots: 0,
  exitLots: 0,
  exitTickLots: 0,
  lastExitAt: null,
  lowTicks: 0,
  highTicks: 0,
  followedAt: null,
  uncovered: [],
  exitReason: null,
  protectLots: null,
  orderCounter: 0,
  exitAttempts: 0,
  exitRetryAt: null,
  targetRejections: 0,
})

/** A trade about to send its entry. Lots and ticks must have been checked by `checkApproval`. */
export const startTrade = (
  tradeId: string,
  approval: SignalApproved,
  steps: TradeSteps,
  entryDeadline: number,
): TradeRecord =>
  newTrade(
    tradeId,
    {
      setup_id: approval.setup_id,
      signal_id: approval.signal_id,
      decision_id: approval.decision_id,
      strategy: approval.strategy,
      grade: approval.effective_grade,
      side: approval.side,
    },
    steps,
    entryDeadline,
  )

/** The trade as messages carry it. */
export const toTrade = (trade: TradeRecord, grid: InstrumentGrid): Trade => {
  const price = (ticks: number): string => stepsToDecimal(ticks, grid.tick)
  return {
    trade_id: trade.tradeId,
    ...trade.plan,
    status: trade.status,
    planned_quantity: stepsToDecimal(trade.plannedLots, grid.lot),
    quantity: stepsToDecimal(trade.entryLots, grid.lot),
    planned_entry_price: price(trade.plannedTicks),
    entry_price: averagePrice(trade.entryTickLots, trade.entryLots, grid),
    initial_stop_price: price(trade.initialStopTicks),
    stop_price: price(trade.heldStop?.ticks ?? trade.initialStopTicks),
    target_price: price(trade.targetTicks),
    opened_at: trade.openedAt,
  }
}

/** The trade that an approval asked for and that was refused, in the approval's own numbers. */
export const toRefusedTrade = (tradeId: string, approval: SignalApproved): Trade => ({
  trade_id: tradeId,
  setup_id: approval.setup_id,
  signal_id: approval.signal_id,
  decision_id: approval.decision_id,
  strategy: approval.strategy,
  grade: approval.effective_grade,
  side: approval.side,
  status: 'ABANDONED',
  planned_quantity: approval.order.quantity,
  quantity: '0',
  planned_entry_price: approval.order.entry_price,
  entry_price: null,
  initial_stop_price: approval.order.stop_price_abs,
  stop_price: approval.order.stop_price_abs,
  target_price: approval.order.target_price_abs,
  opened_at: null,
})
