import { MESSAGE_TYPES, type MessageType, type TradingConfig, onPaper } from '@tapedeck/contracts'
import { Play } from '../engine/play.ts'
import { feedTapes } from '../engine/tape-feed.ts'
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
 * The whole brain over a tape, every message that it concludes, with ids, sequences and causes, in the order of the
 * tape.
 */
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
          hear: (message) => hear(message.occurred_at, message.type, message.toEnvelope()),
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
