import { MESSAGE_TYPES, type MessageType, type TradingConfig, onPaper } from '@tapedeck/contracts'
import { Play } from '../engine/play.ts'
import { feedTapes } from '../engine/tape-feed.ts'
import type { TapeMessage } from '../engine/tape-message.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import type { Subject } from './subject.ts'

/** What the market says for itself: the data, not a conclusion from it. */
const DATA: ReadonlySet<MessageType> = new Set<MessageType>([
  'market.run.started',
  'market.run.ended',
  'market.trades',
  'market.depth',
  'market.mark',
])

/** Bars, measures, features, setups, decisions, orders, fills, positions, accounts: all that follows from data. */
export const CONCLUSIONS = MESSAGE_TYPES.filter((type) => !DATA.has(type))

const BREATH = 50

/**
 * A conclusion of the brain, and what it rests on. The number of a message among all that its service said is left out,
 * and so is the batch of prints (or which book change) that it was drawn from: both count what else was under way, other
 * symbols and prints after the moment among them. A cause that is itself a conclusion is named by its id.
 */
const statementOf = (message: TapeMessage): unknown => {
  const { seq: _seq, causation_id: _cause, ...said } = message.toEnvelope()
  const { cause } = message
  if (cause === null) return { ...said, cause: null }
  const { type, aggregate_id, event_id } = cause
  return { ...said, cause: DATA.has(type) ? `${type} ${aggregate_id}` : `${type} ${event_id}` }
}

/** What it is about, where that is one symbol: symbols do not wait for each other. */
const nameOf = ({ type, payload }: TapeMessage): string =>
  'symbol' in payload && typeof payload.symbol === 'string' ? `${payload.symbol} ${type}` : type

/** The whole brain over a tape: every message that it concludes, with ids, versions and causes. */
export const brainSubject = (trading: TradingConfig): Subject<TapeReader> => ({
  name: 'order_flow',
  play: async (tape, hear) => {
    const play = new Play({
      trading: onPaper(trading),
      instruments: tape.instruments,
      runId: '00000000-0000-5000-8000-000000000000',
      source: 'lookahead',
      composer: tape.composer ?? {},
      listeners: [
        {
          types: CONCLUSIONS,
          hear: (message) => hear(message.occurred_at, nameOf(message), statementOf(message)),
        },
      ],
    })
    let pieces = 0
    play.begin()
    await feedTapes([tape], {}, play, () =>
      ++pieces % BREATH === 0 ? new Promise((resolve) => setImmediate(resolve)) : null,
    )
    play.end(null)
  },
})
