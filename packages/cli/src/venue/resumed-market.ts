import type { Instrument } from '@tapedeck/contracts'
import { dec, roundToStep, toDecimalString } from '@tapedeck/core'
import {
  GeneratedSource,
  RecordingSource,
  type GeneratedSymbol,
  type RecordingSourceOptions,
  type SavedGeneratedSource,
  type SavedRecordingSource,
} from '@tapedeck/venue-simulator'
import { MAX_LEVERAGE } from './generated-symbols.ts'
import type { ResumedVenue } from './resume-venue.ts'

/** Another market for every moment at which a venue goes on. */
const seedAt = (seed: number, at: number): number =>
  (seed + Math.imul(Math.floor(at / 1000), 0x9e3779b9)) | 0

/** Where a symbol stood, on its tick. */
const priceOf = ({ venue }: ResumedVenue, { instrument, startPrice }: GeneratedSymbol): string => {
  const market = venue.exchange.markets.find((one) => one.instrument.symbol === instrument.symbol)
  const mark = market?.mark?.price
  return mark === undefined
    ? startPrice
    : toDecimalString(roundToStep(dec(mark), instrument.tick_size, 'nearest'))
}

/** What a saved venue lists, on the grids that it listed them with, whatever is configured by now. */
export const resumedInstruments = ({ venue }: ResumedVenue): readonly Instrument[] =>
  venue.exchange.markets.map(({ instrument }) => ({
    venue: 'generated',
    symbol: instrument.symbol,
    base_asset: instrument.baseAsset,
    quote_asset: instrument.quoteAsset,
    tick_size: instrument.tickSize,
    lot_size: instrument.stepSize,
    min_quantity: instrument.minQuantity,
    min_notional: instrument.minNotional,
    max_leverage: MAX_LEVERAGE,
  }))

/**
 * A generated market that goes on. With a clock of its own it is the same market, made once more from its
 * seed; by the wall's clock another one of that seed and the moment, from where prices stood.
 */
export const resumedGenerated = (
  resumed: ResumedVenue,
  symbols: readonly GeneratedSymbol[],
): GeneratedSource => {
  const { facts, venue, at } = resumed
  if (facts.start !== null && venue.source !== null) {
    const options = { symbols, seed: facts.seed, startTime: facts.start }
    return GeneratedSource.resume(options, venue.source as SavedGeneratedSource)
  }
  return new GeneratedSource({
    symbols: symbols.map((one) => Object.assign({}, one, { startPrice: priceOf(resumed, one) })),
    seed: seedAt(facts.seed, at),
    startTime: at,
  })
}

/** A recording goes on where it was stopped, whenever that is. */
export const resumedRecording = async (
  { venue, at }: ResumedVenue,
  options: RecordingSourceOptions,
): Promise<RecordingSource> =>
  venue.source === null
    ? await RecordingSource.open(options)
    : await RecordingSource.resume(
        options,
        venue.source as SavedRecordingSource,
        at - venue.exchange.now,
      )
