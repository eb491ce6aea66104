import type { AccountState } from '../accounts/account-state.ts'
import type { ClientOrder } from '../orders/client-order.ts'
import type { ConditionalOrder } from '../conditional/conditional-order.ts'
import type { Holding, Stake } from '../accounts/holding.ts'
import type {
  SavedAccount,
  SavedConditional,
  SavedFeeAsset,
  SavedHolding,
  SavedOrder,
  SavedStake,
} from './saved-account.ts'

const saveOrder = ({
  account: _account,
  market,
  holding: _holding,
  ...order
}: ClientOrder): SavedOrder => ({
  ...order,
  symbol: market.rules.symbol,
})

const saveConditional = ({
  account: _account,
  market,
  holding: _holding,
  order,
  ...one
}: ConditionalOrder): SavedConditional => ({
  ...one,
  symbol: market.rules.symbol,
  orderId: order?.orderId ?? null,
})

const isNew = ({ updatedAt, openBuys, openSells }: Holding): boolean =>
  updatedAt === 0 && openBuys === 0 && openSells === 0

const saveHolding = (holding: Holding): SavedHolding => ({
  side: holding.side,
  position: holding.position.totals(),
  isolatedWallet: holding.isolatedWallet.toString(),
  toRecover: holding.toRecover.toString(),
  openBuys: holding.openBuys,
  openSells: holding.openSells,
  updatedAt: holding.updatedAt,
  marginCalled: holding.marginCalled,
})

const saveStake = (stake: Stake): SavedStake => ({
  symbol: stake.market.rules.symbol,
  leverage: stake.leverage,
  marginType: stake.marginType,
  holdings: stake.holdings.filter((holding) => !isNew(holding)).map(saveHolding),
  open: [...stake.open].map(({ orderId }) => orderId),
})

const saveFeeAsset = ({ feeAsset }: AccountState): SavedFeeAsset | null =>
  feeAsset === null
    ? null
    : {
        asset: feeAsset.asset,
        burns: feeAsset.burns,
        price: feeAsset.price.toString(),
        deposited: feeAsset.deposited.toString(),
        balance: feeAsset.balance.toString(),
        paid: feeAsset.paid.toString(),
      }

export const saveAccount = (account: AccountState): SavedAccount => {
  const orders = [...account.orders()]
  const known = new Set(orders)
  const conditionals = [...account.conditionals.values()]
  const forgotten = conditionals.flatMap(({ order }) =>
    order === null || known.has(order) ? [] : [order],
  )
  return {
    id: account.id,
    openedAt: account.openedAt,
    makerFeePercent: account.makerFeePercent,
    takerFeePercent: account.takerFeePercent,
    hedgeMode: account.hedgeMode,
    restricted: account.restricted,
    marginCalled: account.marginCalled,
    updatedAt: account.updatedAt,
    wallet: account.wallet.toString(),
    feeAsset: saveFeeAsset(account),
    stakes: [...account.stakes.values()].map(saveStake),
    orders: orders.map(saveOrder),
    forgotten: forgotten.map(saveOrder),
    conditionals: conditionals.map(saveConditional),
    openConditionals: [...account.openConditionals].map(({ algoId }) => algoId),
    countdowns: [...account.countdowns],
    trades: [...account.trades],
    income: [...account.income],
  }
}
