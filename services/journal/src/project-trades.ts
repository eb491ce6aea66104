import { type Message, isType } from '@tapedeck/contracts'
import type { Transaction } from '@tapedeck/database'
import type { Handled } from '@tapedeck/runtime'
import type { Tables } from './migrations.ts'

type TradeMessage = Extract<Message, { type: `execution.trade.${string}` }>
type OrderMessage = Extract<Message, { type: `execution.order.${string}` }>

const isTrade = (message: Message): message is TradeMessage =>
  message.type.startsWith('execution.trade.')
const isOrder = (message: Message): message is OrderMessage =>
  message.type.startsWith('execution.order.')

const saveTrade = async (tx: Transaction<Tables>, message: TradeMessage): Promise<void> => {
  const { payload } = message
  const { trade } = payload
  const closed = isType(message, 'execution.trade.closed') ? message.payload : null
  const row = {
    run_id: message.run_id,
    trade_id: trade.trade_id,
    account: payload.account,
    venue: payload.venue,
    symbol: payload.symbol,
    setup_id: trade.setup_id,
    strategy: trade.strategy,
    grade: trade.grade,
    side: trade.side,
    status: trade.status,
    quantity: trade.quantity,
    entry_price: trade.entry_price,
    exit_price: closed?.exit_price ?? null,
    exit_reason: closed?.exit_reason ?? null,
    net_pnl: closed?.net_pnl ?? null,
    r_multiple: closed?.r_multiple ?? null,
    started_at: message.occurred_at,
    closed_at: closed?.closed_at ?? null,
    payload: JSON.stringify(payload),
  }
  await tx
    .insertInto('trade')
    .values(row)
    .onConflict((on) => {
      const { run_id: _run, trade_id: _trade, started_at: _started, ...changes } = row
      return on.columns(['run_id', 'trade_id']).doUpdateSet(changes)
    })
    .execute()
  if (closed !== null) await saveLedger(tx, message.run_id, closed)
}

const saveLedger = async (
  tx: Transaction<Tables>,
  runId: string,
  closed: Extract<Message, { type: 'execution.trade.closed' }>['payload'],
): Promise<void> => {
  const amounts = {
    GROSS: closed.gross_pnl,
    FEES: `-${closed.fees}`.replace('--', ''),
    FUNDING: closed.funding,
  }
  await tx
    .insertInto('pnl_ledger')
    .values(
      Object.entries(amounts).map(([kind, amount]) => ({
        run_id: runId,
        trade_id: closed.trade.trade_id,
        kind,
        amount,
        at: closed.closed_at,
      })),
    )
    .onConflict((on) => on.doNothing())
    .execute()
}

const saveOrder = async (tx: Transaction<Tables>, message: OrderMessage): Promise<void> => {
  const { order, fill } = message.payload
  const leg = {
    run_id: message.run_id,
    client_order_id: order.client_order_id,
    trade_id: order.trade_id,
    role: order.role,
    side: order.side,
    status: order.status,
    quantity: order.quantity,
    filled_quantity: order.filled_quantity,
    average_price: order.average_price,
    at: order.updated_at,
  }
  await tx
    .insertInto('leg')
    .values(leg)
    .onConflict((on) => on.columns(['run_id', 'client_order_id']).doUpdateSet(leg))
    .execute()
  if (fill === null) return
  await tx
    .insertInto('fill')
    .values({
      run_id: message.run_id,
      fill_id: fill.fill_id,
      client_order_id: fill.client_order_id,
      trade_id: fill.trade_id,
      side: fill.side,
      quantity: fill.last_quantity,
      price: fill.last_price,
      fee: fill.fee,
      fee_asset: fill.fee_asset,
      fee_quote: fill.fee_quote,
      liquidity: fill.liquidity,
      at: fill.at,
    })
    .onConflict((on) => on.doNothing())
    .execute()
}

/** Trades with their legs and fills, and what they made. The same events twice leave the same rows. */
export const projectTrades = async (
  tx: Transaction<Tables>,
  inputs: readonly Handled[],
): Promise<void> => {
  for (const { message } of inputs) {
    if (isTrade(message)) await saveTrade(tx, message)
    if (isOrder(message)) await saveOrder(tx, message)
  }
}
