import { describe, expect, it } from '@jest/globals'
import { MESSAGE_BYTES_MAX, READS, SERVICES } from '@tapedeck/contracts'
import {
  type Blow,
  type DeadLetter,
  type Undisturbed,
  chosenMoments,
  openTape,
  playWithBlows,
  seededRandom,
  withUndisturbed,
} from './harness/index.ts'

/**
 * Goal: what cannot be read is put aside with its bytes and the reason, by everybody who would have read
 * it, and nothing else changes. Method: an administrator's connection puts every kind of it straight
 * onto the tape in the middle of a session with trades, once with a kill of ingest right behind it (its
 * successor finds foreign bytes where its own newest message should be); dead letters are read back, and
 * the record is compared with that of an undisturbed run.
 */
const PLAY_MS_MAX = 900_000
const SUBJECT = 'tape.market.trades.binance-usdm.BTCUSDT'
const encoder = new TextEncoder()

const envelope = (changes: object): Uint8Array =>
  encoder.encode(
    JSON.stringify({
      event_id: '6f1c1a52-9b0e-5c62-8f0a-1d2f3a4b5c6d',
      seq: 999_999,
      type: 'market.trades',
      schema_version: 1,
      aggregate_type: 'trade_batch',
      aggregate_id: 'binance-usdm.BTCUSDT',
      aggregate_version: 1,
      occurred_at: 1,
      recorded_at: 1,
      run_id: '6f1c1a52-9b0e-5c62-8f0a-1d2f3a4b5c6e',
      correlation_id: null,
      causation_id: null,
      producer: { service: 'stranger', version: '1', config_hash: '0123456789abcdef' },
      payload: {},
      ...changes,
    }),
  )

/** Reason of the dead letter, and the bytes. */
const BAD: readonly (readonly [string, Uint8Array])[] = [
  ['NOT_JSON', new Uint8Array([0xff, 0xfe, 0x00, 0x80, 0x0a])],
  ['NOT_JSON', encoder.encode('{"event_id":"6f1c1a52')],
  ['NOT_JSON', new Uint8Array(0)],
  ['ENVELOPE_INVALID', encoder.encode('[]')],
  ['TYPE_UNKNOWN', envelope({ type: 'market.rumors' })],
  ['VERSION_FROM_THE_FUTURE', envelope({ schema_version: 7 })],
  ['PAYLOAD_INVALID', envelope({ payload: { id: [1, 2], price_ticks: [1] } })],
  ['TEXT_UNSTORABLE', envelope({ aggregate_id: 'nul \u0000' })],
  ['OVERSIZED', new Uint8Array(MESSAGE_BYTES_MAX + 1).fill(0x20)],
]

const READERS = SERVICES.filter((service) =>
  (READS[service] as readonly string[]).includes('market.trades'),
)

const session = withUndisturbed('bad-tape', PLAY_MS_MAX)

interface Put {
  readonly seq: number
  readonly reason: string
  readonly bytes: Uint8Array
}

const playWithBadTape = async (split: boolean, places: number, isKilling: boolean) => {
  const puts: Put[] = []
  let letters: readonly DeadLetter[] = []
  const strike: Blow['strike'] = async ({ stack }) => {
    const tape = await openTape(stack)
    for (const [reason, bytes] of BAD)
      puts.push({ seq: await tape.put(SUBJECT, bytes), reason, bytes })
    const pid = isKilling ? stack.services.pid('ingest') : null
    if (pid !== null) process.kill(pid, 'SIGKILL')
    await tape.close()
    return `put ${BAD.length}`
  }
  const moments = chosenMoments(session.undisturbed().tape, places, seededRandom(5))
  const { playing, outcome, log } = await playWithBlows(
    { files: [session.file], split },
    moments.map(({ seq, type }) => ({ seq, type, strike })),
    async ({ stack }) => {
      const tape = await openTape(stack)
      letters = await tape.deadLetters()
      await tape.close()
    },
  )
  playing.remove()
  return { puts, letters, outcome, log }
}

/** The rows that do not say where on the tape something lies. */
const placeless = (ledgers: Undisturbed['outcome']['ledgers']) =>
  Object.fromEntries(Object.entries(ledgers).filter(([table]) => table !== 'journal.event'))

/** A letter as one line; of large bodies the beginning. */
const told = ({ seq, service, reason, bytes }: DeadLetter): string =>
  `${seq} ${service} ${reason} ${Buffer.from(bytes).toString('base64').slice(0, 200)}`

describe('what cannot be read', () => {
  it.each([
    { split: false, places: 3, isKilling: false },
    { split: true, places: 2, isKilling: true },
  ])(
    'is put aside, and all the rest is as if it had never been there (split: $split, ingest killed: $isKilling)',
    async ({ split, places, isKilling }) => {
      const { puts, letters, outcome, log } = await playWithBadTape(split, places, isKilling)
      expect(log).toHaveLength(places)

      const wanted = puts.flatMap((put) => READERS.map((service) => told({ service, ...put })))
      expect(new Set(letters.map(told))).toEqual(new Set(wanted))
      expect(letters).toHaveLength(wanted.length)
      expect(
        letters.every(
          ({ seq, bytes }) => bytes.length === puts.find((put) => put.seq === seq)?.bytes.length,
        ),
      ).toBe(true)

      const { archive, ledgers, run } = session.undisturbed().outcome
      const { sha256: _places, ...content } = archive
      expect({ log, run: outcome.run }).toEqual({ log, run })
      expect({ log, ...outcome.archive }).toMatchObject({ log, ...content })
      expect(placeless(outcome.ledgers)).toEqual(placeless(ledgers))
    },
    PLAY_MS_MAX,
  )
})
