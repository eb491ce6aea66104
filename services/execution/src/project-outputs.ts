import { type Message, isType } from '@tapedeck/contracts'
import type { Transaction } from '@tapedeck/database'
import type { Sealed } from '@tapedeck/runtime'
import type { Tables } from './migrations.ts'

type OrderMessage = Extract<Message, { type: `execution.order.${string}` }>
type TradeMessage = Extract<Message, { type: `execution.trade.${string}` }>

const saveOrder = async (tx: Transaction<Tables>, message: OrderMessage): Promise<void> => {
  const { account, venue, symbol, order, fill } = message.payload
  const { client_order_id, trade_id, role, status } = order
  const { run_id, occurred_at: at } = message
  const payload = JSON.stringify(order)
  if (message.type === 'execution.order.submitted')
    await tx
      .insertInto('intent')
      .values({ run_id, client_order_id, trade_id, at, payload })
      .onConflict((on) => on.doNothing())
      .execute()
  await tx
    .insertInto('order')
    .values({
      run_id,
      client_order_id,
      trade_id,
      account,
      venue,
      symbol,
      role,
      status,
      at,
      payload,
    })
    .onConflict((on) =>
      on.columns(['run_id', 'client_order_id']).doUpdateSet({ status, at, payload }),
    )
    .execute()
  if (fill !== null)
    await tx
      .insertInto('fill')
      .values({
        run_id,
        fill_id: fill.fill_id,
        client_order_id,
        trade_id,
        at: fill.at,
        payload: JSON.stringify(fill),
      })
      .onConflict((on) => on.doNothing())
      .execute()
}

const saveTrade = async (tx: Transaction<Tables>, message: TradeMessage): Promise<void> => {
  const { account, venue, symbol, trade } = message.payload
  const { run_id, occurred_at: at } = message
  const row = { status: trade.status, at, payload: JSON.stringify(message.payload) }
  await tx
    .insertInto('trade')
    .values({ run_id, trade_id: trade.trade_id, account, venue, symbol, started_at: at, ...row })
    .onConflict((on) => on.columns(['run_id', 'trade_id']).doUpdateSet(row))
    .execute()
}

const savePosition = async (
  tx: Transaction<Tables>,
  message: Extract<Message, { type: 'execution.position.changed' }>,
): Promise<void> => {
  const { account, venue, symbol, ...changes } = message.payload
  const row = { ...changes, at: message.occurred_at }
  await tx
    .insertInto('position')
    .values({ run_id: message.run_id, account, venue, symbol, ...row })
    .onConflict((on) => on.columns(['run_id', 'account', 'venue', 'symbol']).doUpdateSet(row))
    .execute()
}

const isOrder = (message: Message): message is OrderMessage =>
  message.type.startsWith('execution.order.')
const isTrade = (message: Message): message is TradeMessage =>
  message.type.startsWith('execution.trade.')

/** Orders, intents, fills, positions and trades as the outputs leave them, in the outputs' transaction. */
export const projectOutputs = async (
  tx: Transaction<Tables>,
  outputs: readonly Sealed[],
): Promise<void> => {
  for (const { message } of outputs) {
    if (isOrder(message)) await saveOrder(tx, message)
    else if (isTrade(message)) await saveTrade(tx, message)
    else if (isType(message, 'execution.position.changed')) await savePosition(tx, message)
  }
}
