import { describe, expect, it } from '@jest/globals'
import type {
  Fill,
  Instrument,
  Message,
  MessageType,
  Order,
  PayloadOf,
  TradingConfig,
} from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { testTrading } from '@tapedeck/test-data'
import type { BacktestResult } from '../result/backtest-result.ts'
import { tapeOfEvents } from '../tape/memory-tape.ts'
import type { TapeReader } from '../tape/tape-chunk.ts'
import { INSTRUMENT, tradedMarket } from '../verify/recorded-session.fixture.ts'
import { runBacktest, type BacktestOptions } from './run-backtest.ts'

const MARKET = tradedMarket()
const tape = tapeOfEvents([INSTRUMENT], MARKET)

const run = async (
  options: Partial<BacktestOptions> = {},
): Promise<{ result: BacktestResult; heard: Message[] }> => {
  const heard: Message[] = []
  const result = await runBacktest({
    tape,
    trading: testTrading(),
    onMessage: (message) => heard.push(message.toEnvelope()),
    ...options,
  })
  return { result, heard }
}

const payloads = <T extends MessageType>(heard: readonly Message[], type: T) =>
  heard.filter((one) => one.type === type).map(({ payload }) => payload as PayloadOf<T>)

const executionWith = (over: object): TradingConfig => testTrading({ execution: over })

/** Fills of entries, by the orders that had any. */
const fillsOf = (heard: readonly Message[]): { readonly order: Order; readonly fill: Fill }[] =>
  heard.flatMap((one) => {
    if (one.type !== 'execution.order.filled' && one.type !== 'execution.order.partially_filled')
      return []
    const { order, fill } = (one as Message<'execution.order.filled'>).payload
    return fill === null ? [] : [{ order, fill }]
  })

const exitPrice = (heard: readonly Message[]): number =>
  Number(fillsOf(heard).find(({ order }) => order.role === 'EXIT')!.fill.last_price)

const isEntry = ({ order }: ReturnType<typeof fillsOf>[number]): boolean => order.role === 'ENTRY'

const timesOf = ({ trades }: BacktestResult) =>
  trades.map(({ symbol, entered_at: at, exit_reason: why }) => [symbol, at, why])

describe('runBacktest', () => {
  it('counts what came out: trades, a curve, decisions, what the data cannot show', async () => {
    const { result, heard } = await run()
    expect(result.stopped).toBeNull()
    expect(result.trades.length).toBeGreaterThan(0)
    expect(result.trades).toHaveLength(payloads(heard, 'execution.trade.closed').length)
    const [first] = result.trades
    const entry = fillsOf(heard).find(isEntry)
    const side = entry!.fill.side === 'BUY' ? 'LONG' : 'SHORT'
    expect(first).toMatchObject({ symbol: 'BTCUSDT', session: '2026-01-05', side })
    expect(result.equity[0]).toEqual({ at: result.from, equity: 10_000 })
    const last = payloads(heard, 'execution.account.updated').at(-1)!
    expect(result.equity.at(-1)!.equity).toBeCloseTo(Number(last.equity), 6)
    expect(result.equity.every(({ at }, i, all) => i === 0 || at >= all[i - 1]!.at)).toBe(true)
    expect(result.counts['risk.signal.approved']).toBe(
      payloads(heard, 'risk.signal.approved').length,
    )
    const grades = Object.entries(result.counts).filter(([key]) => key.startsWith('evaluated.'))
    expect(grades.reduce((sum, [, count]) => sum + count, 0)).toBe(result.counts['setup.evaluated'])
    expect(result.limits.map(({ code }) => code)).toContain('BOOK_OF_OTHERS')
    expect(result.provenance).toMatchObject({ tape: tape.fingerprint })
  })

  it('says nothing else when nobody listens', async () => {
    const { result } = await run()
    expect(await runBacktest({ tape, trading: testTrading() })).toEqual(result)
  })

  it('has no result of its own: a signal, damaged data keep what was made', async () => {
    const whole = (await run()).result
    const middle = whole.trades[0]!.exited_at + 60_000
    const damaged: TapeReader = {
      instruments: tape.instruments,
      from: tape.from,
      to: tape.to,
      fingerprint: tape.fingerprint,
      events: (symbol) => tape.events(symbol),
      async *trades(symbol) {
        yield* tape.trades(symbol, { to: middle })
        throw new Error('prints.arrow: the checksum of batch 7 is wrong')
      },
    }
    const { result } = await run({ tape: damaged })
    expect(result.stopped).toMatchObject({
      reason: 'prints.arrow: the checksum of batch 7 is wrong',
    })
    expect(result.trades[0]).toEqual(whole.trades[0])
    const stopped = await run({ signal: AbortSignal.abort(new Error('enough')) })
    expect(stopped.result.stopped?.reason).toBe('enough')
  })

  it('warms up without trading, and trades from there on as it says', async () => {
    const from = Date.UTC(2026, 0, 5, 9, 16)
    const { result, heard } = await run({ from, warmUpMs: 76 * 60_000 })
    expect(result.from).toBe(from)
    expect(result.equity[0]).toEqual({ at: from, equity: 10_000 })
    expect(result.trades.every(({ entered_at: at }) => at >= from)).toBe(true)
    expect(result.trades.length).toBeGreaterThan(0)
    expect(
      payloads(heard, 'risk.command.received').map(({ command, reason }) => [command, reason]),
    ).toEqual([
      ['halt', 'warming up'],
      ['resume', 'warmed up'],
    ])
    expect(
      heard.filter(({ type, occurred_at: at }) => type === 'risk.signal.approved' && at < from),
    ).toEqual([])
  })
})

describe('the venue of a backtest', () => {
  it('gets orders later when they take longer', async () => {
    const slow = await run({ trading: executionWith({ fill_model: { latency_ms: 400 } }) })
    for (const { order, fill } of fillsOf(slow.heard).filter(
      ({ order: one }) => one.role === 'ENTRY',
    ))
      expect(fill.at - order.created_at).toBeGreaterThanOrEqual(400)
    const submitted = payloads(slow.heard, 'execution.order.submitted')
    const accepted = payloads(slow.heard, 'execution.order.accepted')
    for (const { order } of accepted) {
      const sent = submitted.find((one) => one.order.client_order_id === order.client_order_id)!
      expect(order.updated_at - sent.order.updated_at).toBe(400)
    }
    expect(accepted.length).toBeGreaterThan(2)
  })

  it('takes the fees that are configured', async () => {
    const fees = { maker_percent: 0.1, taker_percent: 0.2 }
    const { result, heard } = await run({ trading: executionWith({ fees }) })
    for (const { fill } of fillsOf(heard)) {
      const percent = fill.liquidity === 'MAKER' ? 0.1 : 0.2
      const paid = (Number(fill.last_price) * Number(fill.last_quantity) * percent) / 100
      expect(Number(fill.fee)).toBeCloseTo(paid, 7)
    }
    expect(result.trades[0]!.fees).toBeGreaterThan(0)
  })

  it('slips market orders where there is no book', async () => {
    const prints = tapeOfEvents(
      [INSTRUMENT],
      tradedMarket(92).filter(({ kind }) => kind === 'trade'),
    )
    const slipping = async (percent: number) =>
      await run({
        tape: prints,
        trading: executionWith({ fill_model: { base_slippage_percent: percent } }),
      })
    const [none, some] = [await slipping(0), await slipping(0.2)]
    expect(some.result.limits.map(({ code }) => code)).toContain('NO_BOOK')
    const worse = some.result.trades[0]!.side === 'LONG' ? 0.998 : 1.002
    expect(exitPrice(some.heard)).toBeCloseTo(exitPrice(none.heard) * worse, 0)
  })

  it('never fills more of a print than it held, and waits in the queue where there is a book', async () => {
    const risk = { base_risk_percent: 2, max_leverage: 20 }
    const large = await run({ trading: testTrading({ risk }) })
    const small = await run()
    const lots = new Map<number, number>()
    for (const event of MARKET)
      if (event.kind === 'trade')
        lots.set(event.time, (lots.get(event.time) ?? 0) + event.quantityLots)
    const entries = fillsOf(large.heard).filter(isEntry)
    expect(entries.length).toBeGreaterThan(fillsOf(small.heard).filter(isEntry).length)
    for (const { fill } of entries.filter(({ fill: one }) => one.liquidity === 'MAKER'))
      expect(Number(fill.last_quantity) * 1000).toBeLessThanOrEqual(lots.get(fill.at)!)
  })

  it('pays funding on what is held when it is due', async () => {
    const [trade] = (await run()).result.trades
    const due = Math.floor((trade!.entered_at + trade!.exited_at) / 2)
    const mark: MarketEvent = {
      kind: 'mark',
      symbol: 'BTCUSDT',
      time: trade!.entered_at - 60_000,
      markPrice: 60_000,
      indexPrice: null,
      fundingRate: 0.001,
      nextFundingTime: due,
    }
    const at = MARKET.findIndex((event) => event.kind === 'trade' && event.time >= mark.time)
    const marked = [...MARKET.slice(0, at), mark, ...MARKET.slice(at)].filter(
      (event) => event.kind !== 'mark' || event === mark,
    )
    const { result } = await run({ tape: tapeOfEvents([INSTRUMENT], marked) })
    const paid = result.trades.find(({ funding }) => funding !== 0)
    // Longs pay a rate above zero, shorts are paid it.
    const sign = paid!.side === 'LONG' ? -1 : 1
    expect(paid!.funding).toBeCloseTo(sign * paid!.quantity * 60_000 * 0.001, 6)
  })
})

/** Both symbols may be traded at once. */
const tradingBoth = (): TradingConfig => {
  const [one] = testTrading().instruments
  return testTrading({
    instruments: [one, { ...one, symbol: 'ETHUSDT', base_asset: 'ETH', correlation_group: 'eth' }],
  })
}

describe('several symbols', () => {
  const other: Instrument = { ...INSTRUMENT, symbol: 'ETHUSDT', base_asset: 'ETH' }
  const moved = MARKET.map((event) =>
    event.kind === 'clock' ? event : { ...event, symbol: 'ETHUSDT' },
  )

  it('are traded on one account and one clock, whether they come on one tape or on two', async () => {
    const both = MARKET.flatMap((event, i) => [event, moved[i]!])
    const together = await run({
      tape: tapeOfEvents([INSTRUMENT, other], both),
      trading: tradingBoth(),
    })
    const apart = await run({
      tape: [tape, tapeOfEvents([other], moved)],
      trading: tradingBoth(),
    })
    for (const { result, heard } of [together, apart]) {
      expect(new Set(result.trades.map(({ symbol }) => symbol))).toEqual(
        new Set(['BTCUSDT', 'ETHUSDT']),
      )
      const clocks = payloads(heard, 'market.clock').map(({ at }) => at)
      expect(clocks.every((at, i) => i === 0 || at === clocks[i - 1]! + 1000)).toBe(true)
    }
    expect(timesOf(apart.result)).toEqual(timesOf(together.result))
  })

  it('may not be on two tapes', async () => {
    await expect(runBacktest({ tape: [tape, tape], trading: tradingBoth() })).rejects.toThrow(
      'symbol BTCUSDT is on two of the tapes, expected each symbol once',
    )
  })
})
