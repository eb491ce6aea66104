/**
 * Measures the stylized facts of markets, one column each: of generated ones by seed, of raw recordings with a
 * book, of files of 1 m klines (facts of prices alone).
 *
 *   node tools/market-facts/measure.ts --seeds 1,2,3,4 --hours 24
 *   node tools/market-facts/measure.ts --tick 0.1 --lot 0.001 <recording> [<recording>+<its continuation>…]
 */
import { parseArgs } from 'node:util'
import type { Instrument } from '@tapedeck/contracts'
import {
  GeneratedMarket,
  MarketObserver,
  marketFactsOf,
  priceFactsOf,
  type MarketEvent,
} from '@tapedeck/core'
import { openRecording } from '@tapedeck/recordings'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '' },
    hours: { type: 'string', default: '8' },
    rate: { type: 'string', default: '8' },
    symbol: { type: 'string', default: 'BTCUSDT' },
    tick: { type: 'string', default: '0.1' },
    lot: { type: 'string', default: '0.001' },
  },
})

const START = Date.UTC(2026, 0, 5, 8)
const MINUTE = 60
const instrument = (venue: string): Instrument => ({
  venue,
  symbol: values.symbol,
  base_asset: values.symbol.replace(/USDT$/, ''),
  quote_asset: 'USDT',
  tick_size: values.tick,
  lot_size: values.lot,
  min_quantity: values.lot,
  min_notional: '5',
  max_leverage: 10,
})

type Column = { readonly name: string; readonly facts: ReadonlyMap<string, number> }

/** Facts within facts as one list, named by their path. */
const flatten = (facts: object, path = ''): [string, number][] =>
  Object.entries(facts).flatMap(([key, value]: [string, unknown]): [string, number][] => {
    if (typeof value === 'number') return [[`${path}${key}`, value]]
    return typeof value === 'object' && value !== null ? flatten(value, `${path}${key}.`) : []
  })

const ofObserved = (name: string, seen: MarketObserver): Column => {
  const minutes = seen.middles.filter((_, second) => second % MINUTE === 0)
  const byMinute = flatten(priceFactsOf(minutes, MINUTE, MINUTE)).filter(
    ([fact]) => !fact.startsWith('returns'),
  )
  const all = flatten(marketFactsOf(seen))
  return {
    name,
    facts: new Map([...all, ...byMinute.map(([k, v]): [string, number] => [`minutes.${k}`, v])]),
  }
}

const ofSeed = (seed: number): Column => {
  const market = new GeneratedMarket({
    instrument: instrument('generated'),
    seed,
    startTime: START,
    startPrice: '60000',
    tradesPerSecond: Number(values.rate),
  })
  const seen = new MarketObserver()
  seen.push(market.bookSnapshot())
  const end = START + Number(values.hours) * 3_600_000
  while (market.time < end) for (const event of market.next()) seen.push(event)
  return ofObserved(`seed ${seed}`, seen)
}

const ofRecording = async (files: readonly string[]): Promise<Column> => {
  const name = files[0]!.split('/').at(-1)!.slice(0, 20)
  const instruments = ['binance-usdm', 'binance-spot'].map(instrument)
  const venue = files[0]!.includes('spot') ? 'binance-spot' : 'binance-usdm'
  const recording = await openRecording({ files, instruments, venue, symbol: values.symbol })
  const seen = new MarketObserver()
  const closes: number[] = []
  const look = (event: MarketEvent): void => {
    if (event.kind === 'bar') closes.push(event.bar.close)
    else seen.push(event)
  }
  for await (const events of recording.events()) for (const event of events) look(event)
  if (closes.length === 0) return ofObserved(name, seen)
  const facts = flatten(priceFactsOf(closes, MINUTE, MINUTE)).map(
    ([fact, value]): [string, number] => [
      fact.startsWith('returns') ? fact : `minutes.${fact}`,
      value,
    ],
  )
  return { name, facts: new Map(facts) }
}

const columns: Column[] = []
for (const seed of values.seeds.split(',').filter(Boolean)) columns.push(ofSeed(Number(seed)))
for (const file of positionals) columns.push(await ofRecording(file.split('+')))
if (columns.length === 0) for (const seed of [1, 2, 3, 4]) columns.push(ofSeed(seed))

const facts = [...new Set(columns.flatMap((column) => [...column.facts.keys()]))]
const width = Math.max(...facts.map((fact) => fact.length))
const cell = (value: number | undefined): string =>
  (value === undefined ? '' : String(Number(value.toPrecision(3)))).padStart(10)
const line = (name: string, cells: readonly string[]): string =>
  `${name.padEnd(width)} ${cells.join(' ')}\n`
process.stdout.write(
  line(
    '',
    columns.map(({ name }) => name.slice(-10).padStart(10)),
  ),
)
for (const fact of facts)
  process.stdout.write(
    line(
      fact,
      columns.map((column) => cell(column.facts.get(fact))),
    ),
  )
