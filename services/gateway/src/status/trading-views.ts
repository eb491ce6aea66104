import type { Message, Trade } from '@tapedeck/contracts'
import type { z } from 'zod'
import type { Picture } from './picture.ts'
import type {
  ClosedTradeView,
  PositionView,
  RefusalView,
  RunView,
  SetupView,
} from './status-schema.ts'

/** The present run, if there has been one. */
export const runView = ({ run, ended }: Picture): z.infer<typeof RunView> | null => {
  if (run === null) return null
  const { kind, source, lockstep, instruments } = run.payload
  return {
    run_id: run.run_id,
    kind,
    source,
    lockstep,
    started_at: run.occurred_at,
    instruments: instruments.map(({ venue, symbol }) => `${venue} ${symbol}`),
    ended: ended === null ? null : { reason: ended.payload.reason, detail: ended.payload.detail },
  }
}

export const setupView = (
  { payload }: Message<'setup.evaluated'>,
  picture: Picture,
): z.infer<typeof SetupView> => ({
  venue: payload.venue,
  symbol: payload.symbol,
  setup_id: payload.setup_id,
  at: payload.at,
  strategy: payload.strategy,
  side: payload.side,
  grade: payload.grade,
  score: payload.score,
  price: payload.price,
  boxes: payload.boxes.map(({ box, checked, note }) => ({ box, checked, note })),
  signalled: payload.signalled,
  reasons: payload.reasons,
  decision: picture.decisions.get(payload.setup_id) ?? null,
})

export const refusalView = ({
  payload,
}: Message<'risk.signal.denied'>): z.infer<typeof RefusalView> => ({
  venue: payload.venue,
  symbol: payload.symbol,
  decision_id: payload.decision_id,
  setup_id: payload.setup_id,
  at: payload.at,
  side: payload.side,
  grade: payload.effective_grade,
  reason: payload.reason,
  reasons: payload.reasons,
  details: payload.checks.filter(({ passed }) => passed === false).map(({ detail }) => detail),
})

export const closedTradeView = ({
  payload,
}: Message<'execution.trade.closed'>): z.infer<typeof ClosedTradeView> => ({
  venue: payload.venue,
  symbol: payload.symbol,
  trade_id: payload.trade.trade_id,
  side: payload.trade.side,
  grade: payload.trade.grade,
  closed_at: payload.closed_at,
  exit_reason: payload.exit_reason,
  net_pnl: payload.net_pnl,
  r_multiple: payload.r_multiple,
})

const tradeOf = (picture: Picture, tradeId: string | null): Trade | null =>
  tradeId === null ? null : (picture.openTrades.get(tradeId)?.payload.trade ?? null)

/** Positions that are not flat, each with the stop and target of its trade. */
export const positionViews = (picture: Picture): z.infer<typeof PositionView>[] =>
  [...picture.positions.values()]
    .map(({ payload }) => payload)
    .filter(({ side }) => side !== 'FLAT')
    .map((position) => {
      const trade = tradeOf(picture, position.trade_id)
      return {
        venue: position.venue,
        symbol: position.symbol,
        side: position.side,
        quantity: position.quantity,
        average_price: position.average_price,
        realized_pnl: position.realized_pnl,
        protected: position.protected,
        trade_id: position.trade_id,
        status: trade?.status ?? null,
        stop_price: trade?.stop_price ?? null,
        target_price: trade?.target_price ?? null,
        opened_at: trade?.opened_at ?? null,
      }
    })
