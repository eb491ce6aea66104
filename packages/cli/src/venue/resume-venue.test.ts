import { describe, expect, it } from '@jest/globals'
import { GeneratedSource, SimulatedVenue } from '@tapedeck/venue-simulator'
import { generatedSymbols } from './generated-symbols.ts'
import { resumeVenue } from './resume-venue.ts'
import { resumedGenerated } from './resumed-market.ts'
import type { VenueCommand } from './venue-command.ts'
import type { VenueState, VenueStateFacts } from './venue-state-file.ts'

const START = Date.UTC(2026, 0, 5, 8)
const STOOD = START + 3_050
const DAY = 86_400_000
const SYMBOLS = generatedSymbols(['BTCUSDT'])

const FACTS: VenueStateFacts = {
  seed: 7,
  market: 'generated',
  symbols: ['BTCUSDT'],
  start: null,
  faults: null,
  fault_seed: null,
}

const COMMAND: VenueCommand = {
  port: 0,
  host: '127.0.0.1',
  market: 'generated',
  files: [],
  loop: false,
  symbols: [],
  seed: 7,
  speed: 1,
  paused: false,
  start: null,
  balance: '1',
  faults: null,
  faultSeed: null,
  keysFile: null,
  publicKeyFile: null,
  stateFolder: '/state',
  configPath: '',
  json: false,
}

/** Three seconds of a venue, with something taken from its market. */
const ran = (): SimulatedVenue => {
  const source = new GeneratedSource({ symbols: SYMBOLS, seed: 7, startTime: START })
  const venue = new SimulatedVenue({ source, seed: 7 })
  venue.addAccount({ account: 'main', apiKey: 'k', secret: 's', balance: '1000000' })
  venue.advanceTo(START + 1000)
  const order = { symbol: 'BTCUSDT', side: 'BUY' as const, type: 'MARKET' as const, quantity: '9' }
  expect(venue.exchange.placeOrder('main', order).ok).toBe(true)
  venue.settle()
  venue.advanceTo(STOOD)
  return venue
}

const stateOf = (venue: SimulatedVenue, start: number | null): VenueState => ({
  facts: { ...FACTS, start },
  venue: JSON.parse(JSON.stringify(venue.snapshot())) as VenueState['venue'],
})

describe('resumeVenue', () => {
  const venue = ran()

  it.each([
    ['by the wall goes on now', null, STOOD + DAY, STOOD + DAY],
    ['that was ahead of the wall goes on where it stood', null, START, STOOD],
    ['with a clock of its own goes on where it stood', START, STOOD + DAY, STOOD],
  ])('a venue %s', (_, start, now, at) => {
    expect(resumeVenue('/state', stateOf(venue, start), COMMAND, now).at).toBe(at)
  })

  it.each<readonly [Partial<VenueCommand>, string]>([
    [{ seed: 8 }, '--seed 7, and this is --seed 8'],
    [{ market: 'live' }, '--market generated, and this is --market live'],
    [{ symbols: ['ETHUSDT'] }, '--symbol BTCUSDT, and this is --symbol ETHUSDT'],
    [{ start: START }, 'no --start, and this is --start 2026-01-05T08:00:00.000Z'],
  ])('%j is another venue', (change, problem) => {
    const resume = () => resumeVenue('/state', stateOf(venue, null), { ...COMMAND, ...change }, 0)
    expect(resume).toThrow(expect.objectContaining({ code: 'VENUE_STATE_INVALID' }))
    expect(resume).toThrow(problem)
  })

  it('takes the same, in any order, for the same', () => {
    const same = { ...COMMAND, symbols: ['BTCUSDT', 'BTCUSDT'], start: START }
    expect(() => resumeVenue('/state', stateOf(venue, START), same, 0)).not.toThrow()
  })
})

describe('a generated market that goes on', () => {
  it('is the same one where the clock is its own', () => {
    const venue = ran()
    const resumed = resumeVenue('/state', stateOf(venue, START), COMMAND, STOOD + DAY)
    const again = resumedGenerated(resumed, SYMBOLS)
    const next = STOOD + 5000
    const expected = venue.source!.advanceTo(next)
    expect(expected.length).toBeGreaterThan(10)
    expect(again.advanceTo(next)).toEqual(expected)
  })

  it('by the wall begins now, where prices stood', () => {
    const venue = ran()
    const resumed = resumeVenue('/state', stateOf(venue, null), COMMAND, STOOD + DAY)
    const source = resumedGenerated(resumed, SYMBOLS)
    expect(source.startTime).toBe(STOOD + DAY)
    const again = SimulatedVenue.restore(resumed.venue, { source, seed: 7 })
    const before = Number(venue.exchange.premiumIndex('BTCUSDT')!.markPrice)
    again.advanceTo(STOOD + DAY + 1000)
    expect(again.time).toBe(STOOD + DAY + 1000)
    const after = Number(again.exchange.premiumIndex('BTCUSDT')!.markPrice)
    expect(Math.abs(after / before - 1)).toBeLessThan(0.01)
    expect(again.exchange.positions('main')).toMatchObject([{ quantity: '9' }])
    // A day went by: three fundings fell due.
    const fundings = again.exchange.income('main').filter(({ type }) => type === 'FUNDING_FEE')
    expect(fundings).toHaveLength(3)
  })
})
