import { expect } from '@jest/globals'
import { valueOf, accepted, market } from '../orders.ts'
import { ACCOUNT, SYMBOL, onPort, onWire, type AcceptanceCase } from '../venue-stage.ts'

const SETUP = { symbols: [SYMBOL], leverage: 10, marginType: 'ISOLATED' } as const

export const SETUP_CASES: readonly AcceptanceCase[] = [
  onPort('V-01', 'lists instruments with their filters as decimals', async ({ venue }) => {
    const instruments = valueOf(await venue.instruments())
    expect(instruments.get(SYMBOL)).toMatchObject({
      symbol: SYMBOL,
      base_asset: 'BTC',
      quote_asset: 'USDT',
      lot_size: '0.001',
      min_quantity: '0.001',
      min_notional: '100',
      status: 'TRADING',
    })
    expect(Number(instruments.get(SYMBOL)?.tick_size)).toBe(0.1)
  }),

  onPort('V-02', 'tells the venue’s time', async (stage) => {
    await stage.pass(1_234)
    const told = valueOf(await stage.venue.serverTime())
    expect(Math.abs(told - stage.time)).toBeLessThanOrEqual(5)
  }),

  onWire('V-03', 'survives exchange information with odd filters', async ({ venue }, wire) => {
    wire.fault({ fault: { kind: 'odd_filters' }, when: { kind: 'always' } })
    const instruments = valueOf(await venue.instruments())
    for (const { tick_size, lot_size } of instruments.values()) {
      expect(Number(tick_size)).toBeGreaterThan(0)
      expect(Number(lot_size)).toBeGreaterThan(0)
    }
  }),

  onPort('V-04', 'sets margin type and leverage, and finds them set', async (stage) => {
    expect(valueOf(await stage.venue.prepareAccount(SETUP))).toEqual({ problems: [] })
    expect(valueOf(await stage.venue.prepareAccount(SETUP))).toEqual({ problems: [] })
    await stage.happen((exchange) => {
      expect(exchange.symbolConfigs(ACCOUNT, SYMBOL)).toMatchObject([
        { leverage: 10, marginType: 'ISOLATED' },
      ])
    })
  }),

  onPort('V-05', 'refuses hedge mode with the reason, and does not change it', async (stage) => {
    await stage.happen((exchange) => void exchange.setPositionMode(ACCOUNT, true))
    const { problems } = valueOf(await stage.venue.prepareAccount(SETUP))
    expect(problems.join()).toContain('hedge mode')
    await stage.happen((exchange) => {
      expect(exchange.account(ACCOUNT)?.hedgeMode).toBe(true)
    })
  }),

  onPort('V-06', 'names a symbol that the venue does not list', async ({ venue }) => {
    const setup = { ...SETUP, symbols: ['NONEUSDT'] }
    const { problems } = valueOf(await venue.prepareAccount(setup))
    expect(problems).toEqual(['NONEUSDT: the venue does not list it'])
  }),

  onPort('V-07', 'names a symbol that does not trade', async (stage) => {
    await stage.happen((exchange) => void exchange.setSymbolStatus(SYMBOL, 'PENDING_TRADING'))
    const { problems } = valueOf(await stage.venue.prepareAccount(SETUP))
    expect(problems).toEqual([`${SYMBOL}: status is PENDING_TRADING`])
  }),

  onPort('V-08', 'names more leverage than the venue gives', async ({ venue }) => {
    const { problems } = valueOf(await venue.prepareAccount({ ...SETUP, leverage: 126 }))
    expect(problems).toEqual([`${SYMBOL}: leverage 126 is more than the venue's 125`])
  }),

  onPort('V-09', 'names a margin type that a position keeps from changing', async (stage) => {
    await accepted(stage, market('a', 'BUY', '0.01'))
    const { problems } = valueOf(await stage.venue.prepareAccount(SETUP))
    expect(problems.join()).toMatch(/margin type is not ISOLATED and cannot be changed: -4048/)
  }),

  onWire('V-10', 'names a key that the venue refuses', async ({ venue }, wire) => {
    wire.fault({ fault: { kind: 'key_refused' }, when: { kind: 'always' } })
    const { problems } = valueOf(await venue.prepareAccount(SETUP))
    expect(problems.join()).toContain('-2015')
  }),
]
