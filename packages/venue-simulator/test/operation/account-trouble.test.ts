import { describe, expect, it } from '@jest/globals'
import { OperationStage, SETUP, entry, stopOf } from './operation-stage.ts'

const open = (): Promise<OperationStage> => new OperationStage().open()

const problemsOf = async (
  stage: OperationStage,
  setup: Parameters<OperationStage['adapter']['prepareAccount']>[0] = SETUP,
): Promise<readonly string[]> => {
  const answer = await stage.clock.during(stage.adapter.prepareAccount(setup))
  return answer.outcome === 'known' ? answer.value.problems : [`unknown: ${answer.detail}`]
}

describe('a clock that is minutes off', () => {
  it.each([-300_000, 300_000])('by %d ms, and is set so while trading', async (offsetMs) => {
    const stage = await open()
    stage.fault({ fault: { kind: 'clock_offset', offset_ms: offsetMs }, when: { kind: 'always' } })
    // Refused for its time stamp: it was not placed, and the clock is right from then on.
    const first = await stage.submit(entry('e1'))
    expect(first).toMatchObject({ value: { accepted: false, code: '-1021', next: 'retry' } })
    expect(await stage.submit(entry('e2'))).toMatchObject({ value: { accepted: true } })
    expect(stage.adapter.clockOffsetMs).toBeGreaterThan(offsetMs - 50)
    expect(stage.adapter.clockOffsetMs).toBeLessThan(offsetMs + 50)
  })

  it('costs a question and a cancel nothing', async () => {
    const stage = await open()
    await stage.submit(stopOf('s1', '59000'))
    stage.fault({ fault: { kind: 'clock_offset', offset_ms: -120_000 }, when: { kind: 'always' } })
    const cancel = { symbol: 'BTCUSDT', clientOrderId: 's1', conditional: true }
    expect(await stage.clock.during(stage.adapter.cancelOrder(cancel))).toMatchObject({
      value: { canceled: true },
    })
  })
})

describe('a maintenance window', () => {
  it('is a problem by name, refuses entries for good, and is over when it is over', async () => {
    const stage = await open()
    stage.sim.exchange.setSymbolStatus('BTCUSDT', 'PENDING_TRADING')
    expect(await problemsOf(stage)).toEqual(['BTCUSDT: status is PENDING_TRADING'])
    expect(await stage.submit(entry('e1'))).toMatchObject({
      outcome: 'known',
      value: { accepted: false, next: 'stop' },
    })
    stage.sim.exchange.setSymbolStatus('BTCUSDT', 'TRADING')
    expect(await problemsOf(stage)).toEqual([])
    expect(await stage.submit(entry('e2'))).toMatchObject({ value: { accepted: true } })
  })

  it('leaves the stop of an open position where it is', async () => {
    const stage = await open()
    await stage.submit(entry('e1'))
    await stage.submit(stopOf('s1', '59000'))
    stage.sim.exchange.setSymbolStatus('BTCUSDT', 'PENDING_TRADING')
    await stage.clock.pass(600_000)
    const orders = await stage.clock.during(stage.adapter.openOrders(['BTCUSDT']))
    expect(orders).toMatchObject({ value: [{ clientOrderId: 's1' }] })
  })
})

describe('an address that answers with web pages', () => {
  it('is said to be that, and nothing is concluded from it', async () => {
    const stage = await open()
    stage.fault({
      fault: { kind: 'html_answer', status: 200, accepted: 'never' },
      when: { kind: 'always' },
    })
    const page = 'a web page, expected JSON (is the address right?)'
    expect(await problemsOf(stage)).toEqual([expect.stringContaining(page)])
    expect(await stage.submit(entry('e1'))).toMatchObject({
      outcome: 'unknown',
      detail: expect.stringContaining(page),
    })
    // Not "no such order": whoever believes that sends it again.
    expect(await stage.clock.during(stage.adapter.findOrder('BTCUSDT', 'e1'))).toMatchObject({
      outcome: 'unknown',
    })
  })
})

describe('an account that is set otherwise', () => {
  it('in hedge mode is refused, and not changed', async () => {
    const stage = await open()
    stage.sim.exchange.setPositionMode('main', true)
    expect(await problemsOf(stage)).toEqual([expect.stringContaining('hedge mode')])
    expect(stage.sim.exchange.account('main')?.hedgeMode).toBe(true)
    // Whoever sends all the same is refused by the venue.
    expect(await stage.submit(entry('e1'))).toMatchObject({
      value: { accepted: false, code: '-4061', next: 'stop' },
    })
  })

  it('with another margin type is set, where nothing is open', async () => {
    const stage = await open()
    expect(await problemsOf(stage, { ...SETUP, marginType: 'ISOLATED' })).toEqual([])
    expect(stage.sim.exchange.symbolConfigs('main', 'BTCUSDT')).toMatchObject([
      { marginType: 'ISOLATED' },
    ])
  })

  it('with another margin type and a position is a problem that names both', async () => {
    const stage = await open()
    await stage.submit(entry('e1'))
    const [problem, ...others] = await problemsOf(stage, { ...SETUP, marginType: 'ISOLATED' })
    expect(others).toEqual([])
    expect(problem).toMatch(
      /^BTCUSDT: margin type is not ISOLATED and cannot be changed: -404[78] /,
    )
  })

  it('with a leverage that somebody sets back is set anew when it is prepared', async () => {
    const stage = await open()
    stage.sim.exchange.setLeverage('main', 'BTCUSDT', 3)
    expect(await problemsOf(stage)).toEqual([])
    expect(stage.sim.exchange.symbolConfigs('main', 'BTCUSDT')).toMatchObject([{ leverage: 10 }])
  })
})

describe('a listen key that cannot be extended', () => {
  const MINUTE = 60_000

  it('ages where an alert can see it, and is replaced once it must be dead', async () => {
    const stage = await open()
    const ageMs = (): number => stage.clock.now() - (stage.adapter.listenKeyKeptAt ?? 0)
    const states = (): string[] =>
      stage.heard.flatMap((event) => (event.kind === 'stream' ? [event.state] : []))
    await stage.clock.pass(30 * MINUTE)
    expect(ageMs()).toBeLessThan(6 * MINUTE)
    stage.fault({
      fault: { kind: 'service_unavailable' },
      when: { kind: 'always' },
      on: { requests: ['listen_key'] },
    })
    await stage.clock.pass(40 * MINUTE)
    expect(ageMs()).toBeGreaterThan(35 * MINUTE)
    expect(states()).toEqual(['up'])
    const attempts = stage.sent('PUT /fapi/v1/listenKey')
    await stage.clock.pass(MINUTE)
    // Tried again, and not in a hurry.
    expect(stage.sent('PUT /fapi/v1/listenKey') - attempts).toBe(2)

    await stage.clock.pass(25 * MINUTE)
    expect(states()).toEqual(['up', 'down'])
    stage.sim.faults.clear()
    await stage.clock.pass(MINUTE)
    expect(states()).toEqual(['up', 'down', 'up'])
    expect(ageMs()).toBeLessThan(MINUTE)
  })
})
