import { parentPort, workerData } from 'node:worker_threads'
import {
  GeneratedMarket,
  MarketObserver,
  marketFactsOf,
  priceFactsOf,
  type MarketFacts,
  type PriceFacts,
} from '@tapedeck/core'
import { BTCUSDT, START } from './generated-market.fixture.ts'

/** A thread of its own: days of a market take five times as long inside the sandbox of a test. */
export type SeedFacts = {
  readonly market: MarketFacts
  /** Of prices by the minute, as klines have them. */
  readonly minutes: PriceFacts
}

const SLICES_AN_HOUR = 36_000
const MINUTE = 60

const observe = (seed: number, hours: number): SeedFacts => {
  const made = new GeneratedMarket({
    instrument: BTCUSDT,
    seed,
    startTime: START,
    startPrice: '60000',
  })
  const seen = new MarketObserver()
  seen.push(made.bookSnapshot())
  for (let i = 0; i < hours * SLICES_AN_HOUR; i++) for (const event of made.next()) seen.push(event)
  const minutes = seen.middles.filter((_, second) => second % MINUTE === 0)
  return { market: marketFactsOf(seen), minutes: priceFactsOf(minutes, MINUTE, MINUTE) }
}

const { seeds, hours } = workerData as { seeds: readonly number[]; hours: number }
parentPort?.postMessage(
  seeds.map((seed) => observe(seed, hours)),
  [],
)
