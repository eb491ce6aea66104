import type { ConditionalView, ExchangeHooks, OrderView } from '../exchange/index.ts'
import type { EnteringOrder, ExchangeFaults } from '../faults/index.ts'

const entering = (account: string, order: OrderView): EnteringOrder => ({
  account,
  symbol: order.symbol,
  clientOrderId: order.clientOrderId,
  type: order.type,
})

/** What the exchange asks, answered by the faults. `timeOf`: the venue's clock. */
export const faultHooksOf = (faults: ExchangeFaults, timeOf: () => number): ExchangeHooks => ({
  onTrigger: (account: string, { symbol, clientAlgoId }: ConditionalView) => {
    const act = faults.orderTriggered({ account, symbol, clientAlgoId }, timeOf())
    if (act.kind === 'proceed') return 'trigger'
    if (act.kind === 'unfilled') return 'finish_empty'
    return act.kind === 'reject' ? { reject: act.reason } : act.kind
  },
  onEntry: (account, order) => {
    const act = faults.orderEntering(entering(account, order), timeOf())
    if (act.kind === 'proceed') return { kind: 'all' }
    return { kind: 'part', part: act.part, rest: act.rest === 'stays' ? 'stay' : 'expire' }
  },
  onCancel: (account, order) =>
    faults.orderCancelAsked(entering(account, order), timeOf()) === 'fill' ? 'fill' : 'cancel',
  countdownTakesConditionals: () => faults.countdownCancelsAlgo(timeOf()),
})
