import { MESSAGES, type MessageType } from './subjects.ts'

export const TAPE_PREFIX = 'tape'

/** Who an envelope is addressed to, as the tokens that end its subject. */
export type SubjectScope =
  | { readonly venue: string; readonly symbol: string }
  | { readonly account: string }
  | 'run'

/** The subject of a message: `tape.market.trades.binance-usdm.BTCUSDT`. */
export const subjectOf = (type: MessageType, scope: SubjectScope): string => {
  const head = `${TAPE_PREFIX}.${type}.`
  if (scope === 'run') return `${head}run`
  return 'account' in scope ? head + scope.account : `${head}${scope.venue}.${scope.symbol}`
}

/** The message type that a tape subject carries, or null when the subject is not of this table. */
export const typeOfSubject = (subject: string): MessageType | null => {
  const tokens = subject.split('.')
  for (const length of [4, 3]) {
    const type = tokens.slice(1, length).join('.')
    if (tokens[0] === TAPE_PREFIX && Object.hasOwn(MESSAGES, type)) return type as MessageType
  }
  return null
}

/** Where a payload of this type is addressed, read from the payload itself. */
export const scopeOf = (type: MessageType, payload: unknown): SubjectScope => {
  const { scope } = MESSAGES[type]
  if (scope === 'run') return 'run'
  const of = payload as { account: string; venue: string; symbol: string }
  return scope === 'account' ? { account: of.account } : { venue: of.venue, symbol: of.symbol }
}
