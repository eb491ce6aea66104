import { hasCode, type Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { gridOf, readSighted, sight, type InstrumentGrid, type Sighted } from '@tapedeck/venue'
import { readLines } from './read-lines.ts'
import { located, recordingInvalid, type Place } from './recording-error.ts'

/** Event times may fall a little across streams; more than this means files in the wrong order. */
const TIME_FALL_MAX_MS = 60_000

const RECEIVED_AT = /^\d{9,20}(?:\.\d{1,9})?:?\s+$/

/** Connection and subscription lines that a capture may keep beside the messages. */
const isConnectionLine = (line: string): boolean => / <-?>? ?/.test(line) && !/^\d/.test(line)

/** A line as a message: its receive time is checked and dropped, its JSON is sighted. */
export const sightLine = (line: string, place: Place): Sighted | null => {
  const at = line.indexOf('{')
  if (at < 0) {
    if (line.trim() === '' || isConnectionLine(line)) return null
    throw recordingInvalid(
      place,
      `${JSON.stringify(line.slice(0, 60))}, expected <ns or µs> <JSON>`,
    )
  }
  if (!RECEIVED_AT.test(line.slice(0, at))) {
    if (isConnectionLine(line)) return null
    const shown = JSON.stringify(line.slice(0, Math.min(at, 40)))
    throw recordingInvalid(place, `column 1 is ${shown}, expected a receive time in ns or µs`, {
      column: 1,
    })
  }
  let message: unknown
  try {
    message = JSON.parse(line.slice(at))
  } catch (error) {
    throw recordingInvalid(
      place,
      `column ${at + 1} is not JSON (${String(error).slice(0, 120)}), expected one message as the venue sent it`,
      { column: at + 1 },
      error,
    )
  }
  return sight(message)
}

export type RawRecordingOptions = {
  readonly files: readonly string[]
  /** Instruments to read; messages of others are skipped when `skipOthers`, else refused. */
  readonly instruments: readonly Instrument[]
  readonly skipOthers: boolean
}

/**
 * Reads raw websocket recordings, `<receive time> <JSON as the venue sent it>` a line; several files in
 * a row are one session. Yields market events in the order of the lines, a chunk of the file at a time.
 * Of `trade` and `aggTrade`, whichever comes first is the tape; the other would count prints twice.
 */
export class RawRecording {
  readonly #options: RawRecordingOptions
  readonly #grids: ReadonlyMap<string, InstrumentGrid>
  #tape: 'trade' | 'aggTrade' | null = null
  #latest = 0
  /** Messages that were read but are of no use here: klines, other symbols, the other trade stream. */
  skipped = 0

  constructor(options: RawRecordingOptions) {
    this.#options = options
    this.#grids = new Map(options.instruments.map((one) => [one.symbol, gridOf(one)]))
  }

  async *events(): AsyncGenerator<readonly MarketEvent[], void, undefined> {
    for (const file of this.#options.files) {
      for await (const { first, lines } of readLines(file)) {
        const events: MarketEvent[] = []
        let problem: Error | null = null
        for (let i = 0; i < lines.length && problem === null; i++)
          problem = this.#readInto(events, lines[i]!, { file, line: first + i })
        if (events.length > 0) yield events
        if (problem !== null) throw problem
      }
    }
  }

  /** Reads one line into `events`; returns what was wrong with it, so that all before it gets out. */
  #readInto(events: MarketEvent[], line: string, place: Place): Error | null {
    try {
      const sighted = sightLine(line, place)
      const grid = sighted === null ? null : this.#gridFor(sighted, place)
      if (sighted === null || grid === null) {
        if (line !== '') this.skipped++
        return null
      }
      const event = readSighted(sighted, grid)
      this.#assertTime(event, place)
      events.push(event)
      return null
    } catch (error) {
      return located(error, place)
    }
  }

  #gridFor({ kind, symbol }: Sighted, place: Place): InstrumentGrid | null {
    if (kind === 'trade' || kind === 'aggTrade') {
      this.#tape ??= kind
      if (kind !== this.#tape) return null
    }
    if (symbol === null) {
      const [only, ...others] = this.#grids.values()
      if (only !== undefined && others.length === 0) return only
      throw recordingInvalid(
        place,
        'a snapshot without a symbol among several, expected one symbol',
      )
    }
    const grid = this.#grids.get(symbol)
    if (grid !== undefined) return grid
    if (this.#options.skipOthers) return null
    const read = [...this.#grids.keys()].join(', ')
    throw recordingInvalid(
      place,
      `symbol ${symbol}, expected ${read}; the recording is mixed: name the symbol to play`,
      { symbol },
    )
  }

  #assertTime(event: MarketEvent, place: Place): void {
    if (event.kind !== 'trade' && event.kind !== 'depth' && event.kind !== 'mark') return
    const { time } = event
    if (time === null) return
    if (time < this.#latest - TIME_FALL_MAX_MS)
      throw recordingInvalid(
        place,
        `time ${time} is ${this.#latest - time} ms before what came earlier, expected time to rise; give the files in order`,
        { time, latest: this.#latest },
      )
    if (time > this.#latest) this.#latest = time
  }
}

/** What the start of a raw recording tells: its symbols, and the venue where its shapes differ. */
export type RawSignature = { readonly symbols: readonly string[]; readonly venue: string | null }

const SNIFF_LINES = 5000

const venueOf = ({ kind, data }: Sighted): string | null => {
  if (kind === 'depthUpdate') return data['pu'] === undefined ? 'binance-spot' : 'binance-usdm'
  if (kind === 'bookTicker') return data['e'] === undefined ? 'binance-spot' : 'binance-usdm'
  if (kind === 'trade' || kind === 'aggTrade')
    return data['M'] === undefined ? 'binance-usdm' : 'binance-spot'
  return kind === 'markPriceUpdate' ? 'binance-usdm' : null
}

/** Looks at the first lines without judging them; reading does that. */
export const sniffRaw = async (file: string): Promise<RawSignature> => {
  const symbols = new Set<string>()
  let venue: string | null = null
  for await (const { first, lines } of readLines(file)) {
    for (let i = 0; i < lines.length && first + i <= SNIFF_LINES; i++) {
      const sighted = sightOrNull(lines[i]!, { file, line: first + i })
      if (sighted === null) continue
      if (sighted.symbol !== null) symbols.add(sighted.symbol)
      venue ??= venueOf(sighted)
    }
    if (first + lines.length > SNIFF_LINES) break
  }
  return { symbols: [...symbols].toSorted(), venue }
}

const sightOrNull = (line: string, place: Place): Sighted | null => {
  try {
    return sightLine(line, place)
  } catch (error) {
    if (hasCode(error, 'RECORDING_INVALID')) return null
    throw error
  }
}
