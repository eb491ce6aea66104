import type { ReconciliationCompleted } from '@tapedeck/contracts'
import { dec, toDecimalString, type Dec } from '../decimal/index.ts'

/** JSON-safe. `base`: the wallet before anything that our ledgers have added; null until the venue told. */
export type VenueWalletJson = { base: string | null; suspected: string | null }

/** The venue rounds every amount; what that adds up to is taken over and not told. */
const ROUNDING = '0.01'

export const isWorthTelling = (change: string): boolean => dec(change).abs().gte(ROUNDING)

/**
 * The wallet of a live venue: what it told at first, and what our own ledgers have added since. Later looks
 * are compared: a difference that two looks in a row show the same (a deposit, a fee in another asset) is
 * taken over; one that comes and goes was on its way.
 */
export class VenueWallet {
  #base: Dec | null
  #suspected: string | null

  constructor(json: VenueWalletJson = { base: null, suspected: null }) {
    this.#base = json.base === null ? null : dec(json.base)
    this.#suspected = json.suspected
  }

  get base(): string | null {
    return this.#base === null ? null : toDecimalString(this.#base)
  }

  /**
   * What the venue showed. `added`: what our ledgers hold. Returns the difference that was taken over, `0`
   * for the first look, null when nothing changed.
   */
  see(seen: ReconciliationCompleted['seen'], asset: string | null, added: Dec): string | null {
    const told = seen?.balances.find((one) => one.asset === asset)?.wallet
    if (told === undefined) return null
    const implied = dec(told).minus(added)
    if (this.#base === null) {
      this.#base = implied
      return '0'
    }
    const difference = toDecimalString(implied.minus(this.#base))
    if (dec(difference).isZero()) {
      this.#suspected = null
      return null
    }
    if (this.#suspected !== difference) {
      this.#suspected = difference
      return null
    }
    this.#base = implied
    this.#suspected = null
    return difference
  }

  snapshot(): VenueWalletJson {
    return { base: this.base, suspected: this.#suspected }
  }
}
