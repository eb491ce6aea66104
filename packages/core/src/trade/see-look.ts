import type { ReconciliationCompleted } from '@tapedeck/contracts'
import { addedBy, addedInOther } from './account-books.ts'
import type { InstrumentDesk } from './instrument-desk.ts'
import { isWorthTelling, type VenueWallet } from './venue-wallet.ts'

/**
 * What a live venue showed in a look: that it is there, and its wallet. True when the wallet by our books
 * is another than before.
 */
export const seeLook = (
  { seen }: ReconciliationCompleted,
  wallet: VenueWallet,
  desks: readonly InstrumentDesk[],
  asset: string | null,
  report: (problem: string) => void,
  at: number,
): boolean => {
  if (seen !== null) for (const desk of desks) desk.onLook(at)
  for (const other of wallet.seeOthers(seen, asset, (one) => addedInOther(desks, one)))
    report(`the wallet of ${other.asset} changed by ${other.by}, not by us`)
  const change = wallet.see(seen, asset, addedBy(desks))
  if (change === null) return false
  if (isWorthTelling(change)) report(`the wallet changed by ${change}, not by us`)
  return true
}
