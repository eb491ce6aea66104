/** What the server says about a delivered message, in the subject that an answer would go to. */
export type Delivery = {
  readonly streamSeq: number
  /** Rises by one per message of this consumer: a hole is a lost message. */
  readonly deliverySeq: number
  readonly storedAt: number
  /** How many more match and wait on the server. */
  readonly pending: number
}

/**
 * Reads `$JS.ACK.<stream>.<consumer>.<count>.<stream seq>.<delivery seq>.<time ns>.<pending>`; newer
 * servers put domain and account after `ACK` and may add a token at the end. Null when it is neither.
 */
export const parseDelivery = (reply: string | undefined): Delivery | null => {
  const tokens = reply?.split('.') ?? []
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return null
  const first = tokens.length === 9 ? 5 : 7
  if (tokens.length < first + 4) return null
  return {
    streamSeq: Number(tokens[first]),
    deliverySeq: Number(tokens[first + 1]),
    storedAt: Math.floor(Number(tokens[first + 2]) / 1e6),
    pending: Number(tokens[first + 3]),
  }
}

/** How often the server has given this message out, this time included; 1 when it does not say. */
export const deliveryCount = (reply: string | undefined): number => {
  const tokens = reply?.split('.') ?? []
  const count = Number(tokens[tokens.length === 9 ? 4 : 6])
  return parseDelivery(reply) === null || !(count >= 1) ? 1 : count
}
