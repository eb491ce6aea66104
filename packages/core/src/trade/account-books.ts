import type { AccountUpdated } from '@tapedeck/contracts'
import { ZERO, dec, toDecimalString, type Dec } from '../decimal/index.ts'
import type { VenueSnapshot } from '../reconciliation/venue-snapshot.ts'
import type { InstrumentDesk } from './instrument-desk.ts'

export const openPositions = (desks: Iterable<InstrumentDesk>): number => {
  let count = 0
  for (const { isOpen } of desks) if (isOpen) count++
  return count
}

/** What the ledgers of these instruments have added to the wallet. */
export const addedBy = (desks: readonly InstrumentDesk[]): Dec =>
  desks.reduce((sum, { ledger }) => sum.plus(ledger.walletChange()), ZERO)

/** What they have added to the wallet of an asset that is not the account's quote asset: fees, for the most part. */
export const addedInOther = (desks: readonly InstrumentDesk[], asset: string): Dec =>
  desks.reduce((sum, { grid, ledger }) => {
    const traded = grid.quoteAsset === asset ? ledger.walletChange() : ZERO
    return sum.plus(traded).minus(ledger.paidIn(asset))
  }, ZERO)

/** The account by our own ledgers: the starting balance and what every instrument added to it. */
export const ourAccount = (
  desks: readonly InstrumentDesk[],
  startingBalance: string,
): Omit<AccountUpdated, 'account' | 'at'> => {
  let wallet: Dec = dec(startingBalance)
  let unrealized: Dec = ZERO
  for (const desk of desks) {
    wallet = wallet.plus(desk.ledger.walletChange())
    unrealized = unrealized.plus(desk.unrealized())
  }
  return {
    wallet_balance: toDecimalString(wallet),
    unrealized_pnl: toDecimalString(unrealized),
    equity: toDecimalString(wallet.plus(unrealized)),
    open_positions: desks.filter(({ isOpen }) => isOpen).length,
    pending_entries: desks.filter(({ isPendingEntry }) => isPendingEntry).length,
  }
}

/** The account by the paper venue's own books, as a venue would answer. */
export const venueBooks = (
  desks: readonly InstrumentDesk[],
  startingBalance: string,
  asset: string | null,
  at: number,
): VenueSnapshot => {
  const engines = desks.flatMap(({ engine }) => (engine === null ? [] : [engine]))
  const wallet = engines.reduce(
    (sum, engine) => sum.plus(engine.books.walletChange()),
    dec(startingBalance),
  )
  return {
    at,
    orders: engines.flatMap((engine) => engine.openOrders()),
    positions: engines.map((engine) => engine.position()).filter(({ side }) => side !== 'FLAT'),
    fills: engines.flatMap((engine) => engine.books.fills()),
    balances: asset === null ? [] : [{ asset, wallet: toDecimalString(wallet) }],
  }
}
