import type { ReconciliationCompleted } from '@tapedeck/contracts'
import { dec, toDecimalString, type Dec } from '../decimal/index.ts'

type AssetJson = {
  /** The wallet before anything that our ledgers have added; null until the venue told. */
  base: string | null
  suspected: string | null
}

/** JSON-safe: the quote asset's, and those of the other assets that the venue showed. */
export type VenueWalletJson = AssetJson & { others?: [string, AssetJson][] }

/** A change that our ledgers do not explain. */
export type WalletChange = { readonly asset: string; readonly by: string }

/** The venue rounds every amount of the quote asset; what that adds up to is taken over and not told. */
const ROUNDING = '0.01'
const ASSETS_MAX = 100

export const isWorthTelling = (change: string): boolean => dec(change).abs().gte(ROUNDING)

/**
 * One asset of a venue's wallet. Later looks are compared: a difference that two looks in a row show the same (a
 * deposit) is taken over; one that comes and goes was on its way.
 */
class AssetWallet {
  #base: Dec | null
  #suspected: string | null

  constructor({ base, suspected }: AssetJson = { base: null, suspected: null }) {
    this.#base = base === null ? null : dec(base)
    this.#suspected = suspected
  }

  get base(): string | null {
    return this.#base === null ? null : toDecimalString(this.#base)
  }

  /** Returns the difference that was taken over, `0` for the first look, null when nothing changed. */
  see(told: string, added: Dec): string | null {
    const implied = dec(told).minus(added)
    if (this.#base === null) {
      this.#base = implied
      return '0'
    }
    const difference = toDecimalString(implied.minus(this.#base))
    const isNew = this.#suspected !== difference
    this.#suspected = dec(difference).isZero() || !isNew ? null : difference
    if (isNew || dec(difference).isZero()) return null
    this.#base = implied
    return difference
  }

  snapshot(): AssetJson {
    return { base: this.base, suspected: this.#suspected }
  }
}

/**
 * The wallet of a live venue, asset by asset: what it told at first, and what our own ledgers have added since. So a
 * commission in another asset is explained where it was paid.
 */
export class VenueWallet {
  readonly #quote: AssetWallet
  readonly #others: Map<string, AssetWallet>

  constructor(json?: VenueWalletJson) {
    this.#quote = new AssetWallet(json)
    this.#others = new Map(json?.others?.map(([asset, one]) => [asset, new AssetWallet(one)]))
  }

  /** Of the quote asset. */
  get base(): string | null {
    return this.#quote.base
  }

  /**
   * What the venue showed. `added`: what our ledgers hold of the quote asset. Returns the difference that was
   * taken over, `0` for the first look, null when nothing changed.
   */
  see(seen: ReconciliationCompleted['seen'], asset: string | null, added: Dec): string | null {
    const told = seen?.balances.find((one) => one.asset === asset)?.wallet
    return told === undefined ? null : this.#quote.see(told, added)
  }

  /** What changed in the other assets and is not explained by `added`, what our ledgers hold of each. */
  seeOthers(
    seen: ReconciliationCompleted['seen'],
    quote: string | null,
    added: (asset: string) => Dec,
  ): WalletChange[] {
    return (seen?.balances ?? []).flatMap(({ asset, wallet }): WalletChange[] => {
      const known = this.#others.get(asset)
      if (asset === quote || (known === undefined && this.#others.size >= ASSETS_MAX)) return []
      const one = known ?? new AssetWallet()
      this.#others.set(asset, one)
      const by = one.see(wallet, added(asset))
      return by === null || known === undefined ? [] : [{ asset, by }]
    })
  }

  snapshot(): VenueWalletJson {
    const others = [...this.#others].map(([asset, one]): [string, AssetJson] => [
      asset,
      one.snapshot(),
    ])
    return others.length === 0 ? this.#quote.snapshot() : { ...this.#quote.snapshot(), others }
  }
}
