import { describe, expect, it } from '@jest/globals'
import { DOMAIN_OF } from './services.ts'
import { subjectOf, typeOfSubject } from './subject-of.ts'
import { MESSAGES, MESSAGE_TYPES } from './subjects.ts'

describe('subjects', () => {
  it.each([
    [
      'market.trades',
      { venue: 'binance-usdm', symbol: 'BTCUSDT' },
      'tape.market.trades.binance-usdm.BTCUSDT',
    ],
    [
      'orderflow.market_state.changed',
      { venue: 'b', symbol: 'X' },
      'tape.orderflow.market_state.changed.b.X',
    ],
    ['risk.signal.denied', { account: 'paper' }, 'tape.risk.signal.denied.paper'],
    ['market.run.started', 'run', 'tape.market.run.started.run'],
  ] as const)('%s', (type, scope, subject) => {
    expect(subjectOf(type, scope)).toBe(subject)
    expect(typeOfSubject(subject)).toBe(type)
  })

  it.each([
    'market.trades.binance-usdm.BTCUSDT',
    'tape.market.weather.binance-usdm.BTCUSDT',
    'tape.toString',
    'tape.constructor.x.y',
    'dead.risk',
    'tape',
    '',
  ])('%p carries no type of the table', (subject) => {
    expect(typeOfSubject(subject)).toBeNull()
  })
})

describe('the table of messages', () => {
  it('no type is the beginning of another, so a subject has one meaning', () => {
    const clashes = MESSAGE_TYPES.filter((type) =>
      MESSAGE_TYPES.some((other) => other !== type && other.startsWith(`${type}.`)),
    )
    expect(clashes).toEqual([])
  })

  it('no two services share a domain, and the gateway has none', () => {
    const domains = Object.values(DOMAIN_OF).filter((domain) => domain !== null)
    expect(new Set(domains).size).toBe(domains.length)
    expect(DOMAIN_OF.gateway).toBeNull()
  })

  it.each(MESSAGE_TYPES)('%s is about something, in words', (type) => {
    expect(MESSAGES[type].about).toMatch(/^[A-Z].*[^.]$/)
    expect(MESSAGES[type].version).toBeGreaterThanOrEqual(1)
  })
})
