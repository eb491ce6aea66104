import type { Features, Side } from '@tapedeck/contracts'

/** What of the order flow a trigger is read from. Sides as in `Features`. */
export type OrderFlowEvidence = Pick<Features, 'absorbed' | 'aggressive' | 'trapped'>

const opposite = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY')

/**
 * Order flow that supports a trade on `side` (S3 §6.1): the other side was absorbed, this side was
 * aggressive, or the other side is trapped. The first of them as a sentence; null when none is there.
 */
export const supportingOrderFlow = (evidence: OrderFlowEvidence, side: Side): string | null => {
  const [buyers, others] = side === 'BUY' ? ['buyers', 'sellers'] : ['sellers', 'buyers']
  if (evidence.absorbed.includes(opposite(side))) return `${others} were absorbed`
  if (evidence.aggressive.includes(side)) return `${buyers} were aggressive`
  if (evidence.trapped.includes(opposite(side))) return `${others} are trapped`
  return null
}

/** Order flow that says the move against `side` is exhausted (S3 §6.3): a divergence or an absorption. */
export const exhaustion = (
  features: Pick<Features, 'divergence' | 'absorbed'>,
  side: Side,
): string | null => {
  const wanted = side === 'BUY' ? 'BULLISH' : 'BEARISH'
  if (features.divergence === wanted) return `CVD divergence is ${wanted.toLowerCase()}`
  if (features.absorbed.includes(opposite(side)))
    return `${side === 'BUY' ? 'sellers' : 'buyers'} were absorbed`
  return null
}
