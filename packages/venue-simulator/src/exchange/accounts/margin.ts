import { ZERO, dec, maximum, type Dec } from '@tapedeck/core'
import type { LeverageBracket } from '../exchange-instrument.ts'

/** A bracket's numbers as decimals. */
type Exact = {
  readonly bracket: LeverageBracket
  readonly cap: Dec
  readonly ratio: Dec
  readonly cum: Dec
}

/** Brackets are asked for with every margin; their decimals are made once. */
const EXACT = new WeakMap<readonly LeverageBracket[], readonly Exact[]>()

const exactly = (brackets: readonly LeverageBracket[]): readonly Exact[] => {
  const known = EXACT.get(brackets)
  if (known !== undefined) return known
  const made = brackets.map((bracket) => ({
    bracket,
    cap: dec(bracket.notionalCap),
    ratio: dec(bracket.maintMarginRatio),
    cum: dec(bracket.cum),
  }))
  EXACT.set(brackets, made)
  return made
}

const exactBracketOf = (brackets: readonly LeverageBracket[], notional: Dec): Exact => {
  const all = exactly(brackets)
  return all.find(({ cap }) => notional.lte(cap)) ?? all[all.length - 1]!
}

/** The bracket that holds a notional (absolute); the last one beyond all. */
export const bracketOf = (brackets: readonly LeverageBracket[], notional: Dec): LeverageBracket =>
  exactBracketOf(brackets, notional).bracket

/** Notional times the bracket's rate less its maintenance amount (Binance: "Leverage and Margin"). */
export const maintenanceMargin = (brackets: readonly LeverageBracket[], notional: Dec): Dec => {
  const size = notional.abs()
  const { ratio, cum } = exactBracketOf(brackets, size)
  return maximum(ZERO, size.times(ratio).minus(cum))
}

/** The greatest notional that a leverage allows. */
export const notionalCapAt = (brackets: readonly LeverageBracket[], leverage: number): number => {
  let cap = 0
  for (const { initialLeverage, notionalCap } of brackets)
    if (initialLeverage >= leverage) cap = Math.max(cap, notionalCap)
  return cap
}

/**
 * What a position and its open orders could become at most: the greater of all buys filled and all sells
 * filled. Signed position, absolute open notionals.
 */
export const greatestNotional = (position: Dec, bids: Dec, asks: Dec): Dec =>
  maximum(position.plus(bids).abs(), position.minus(asks).abs())

export type LiquidationTerms = {
  /** Cross: the wallet that backs it; isolated: the position's own. */
  readonly wallet: Dec
  /** Of all other cross positions; 0 for isolated. */
  readonly otherMaintenance: Dec
  readonly otherUnrealized: Dec
  /** Signed quantity and entry price. */
  readonly quantity: Dec
  readonly entryPrice: Dec
  readonly bracket: LeverageBracket
}

/**
 * Binance, "How to calculate liquidation price of USDⓈ-M futures contracts", for one position:
 * (WB - TMM1 + UPNL1 + cum - side*qty*EP) / (qty*MMR - side*qty). Null where no positive price is.
 */
export const liquidationPrice = (terms: LiquidationTerms): Dec | null => {
  const { wallet, otherMaintenance, otherUnrealized, quantity, entryPrice, bracket } = terms
  const size = quantity.abs()
  const upper = wallet
    .minus(otherMaintenance)
    .plus(otherUnrealized)
    .plus(dec(bracket.cum))
    .minus(quantity.times(entryPrice))
  const lower = size.times(dec(bracket.maintMarginRatio)).minus(quantity)
  if (lower.isZero()) return null
  const price = upper.div(lower)
  return price.gt(0) ? price : null
}

/**
 * The liquidation price in the bracket that holds at that price: the brackets are tried from the smallest,
 * and the one in whose range the price falls is right. Null when no price liquidates.
 */
export const liquidationPriceIn = (
  brackets: readonly LeverageBracket[],
  terms: Omit<LiquidationTerms, 'bracket'>,
): Dec | null => {
  for (const bracket of brackets) {
    const price = liquidationPrice({ ...terms, bracket })
    if (price === null) continue
    const notional = price.times(terms.quantity.abs())
    if (notional.gte(bracket.notionalFloor) && notional.lte(bracket.notionalCap)) return price
  }
  return null
}
