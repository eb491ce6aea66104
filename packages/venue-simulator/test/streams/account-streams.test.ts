import { afterEach, describe, expect, it } from '@jest/globals'
import {
  AccountStreamClient,
  type AccountEvent,
  type AccountStreamOptions,
  type OrderEvent,
} from '@tapedeck/venue'
import type { PlannedFaultInput, StreamLimits } from '../../src/index.ts'
import { ACCOUNT, StreamStage } from './stream-stage.ts'

const MINUTE = 60_000
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

type UserTrade = { readonly symbol: string; readonly id: number }

/** The account stream on the stage, and a trader who does not care about it. */
const follow = async (
  seed: number,
  options: Partial<AccountStreamOptions> = {},
  limits: Partial<StreamLimits> = {},
) => {
  const stage = new StreamStage(seed, limits)
  const { clock, openLink, listenKeys, client } = stage
  const told: AccountEvent[] = []
  /** Asked for whenever the stream is up, as its reader has to. */
  const asked = new Set<string>()
  const userTrades = (): string[] =>
    (
      client.signed('GET', '/fapi/v1/userTrades', { symbol: 'BTCUSDT', limit: 1000 })
        .json as UserTrade[]
    ).map(({ symbol, id }) => `${symbol}-${id}`)
  const stream = new AccountStreamClient({
    listenKeys,
    streamUrl: 'ws://venue',
    listener: (event) => {
      told.push(event)
      if (event.kind === 'stream' && event.state === 'up')
        for (const id of userTrades()) asked.add(id)
    },
    clock,
    openLink,
    random: () => 0.5,
    ...options,
  })
  stream.start()
  ends.push(async () => {
    await stream.stop()
    stage.end()
  })
  let placed = 0
  const place = (values: Record<string, string>): string => {
    const id = `td-${++placed}`
    const order = { symbol: 'BTCUSDT', side: 'BUY', newClientOrderId: id, ...values }
    const { status, json } = client.signed('POST', '/fapi/v1/order', order)
    if (status !== 200) throw new Error(JSON.stringify(json))
    return id
  }
  /** In and out by market, and a limit order that is canceled; every two seconds for so long. */
  const trade = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 2000) {
      const side = placed % 4 === 0 ? 'BUY' : 'SELL'
      place({ side, type: 'MARKET', quantity: '0.010' })
      const id = place({ type: 'LIMIT', quantity: '0.010', price: '50000', timeInForce: 'GTC' })
      await clock.pass(1000)
      client.signed('DELETE', '/fapi/v1/order', { symbol: 'BTCUSDT', origClientOrderId: id })
      await clock.pass(1000)
    }
  }
  const orders = (): OrderEvent[] => told.filter((event) => event.kind === 'order')
  const states = (): string[] =>
    told.flatMap((event) => (event.kind === 'stream' ? [event.state] : []))
  const fills = (): string[] => orders().flatMap(({ fill }) => (fill === null ? [] : [fill.fillId]))
  await stage.until(() => stream.isUp)
  return { stage, stream, told, asked, userTrades, trade, orders, states, fills }
}

const PRIVATE = { routes: ['private' as const] }

const TROUBLE: readonly PlannedFaultInput[] = [
  { fault: { kind: 'account_duplicated' }, when: { kind: 'probability', probability: 0.1 } },
  { fault: { kind: 'account_reordered' }, when: { kind: 'probability', probability: 0.05 } },
  {
    fault: { kind: 'account_late', low_ms: 100, high_ms: 3000 },
    when: { kind: 'probability', probability: 0.05 },
  },
  {
    fault: { kind: 'account_late_new', late_ms: 1500 },
    when: { kind: 'probability', probability: 0.2 },
  },
  { fault: { kind: 'account_malformed' }, when: { kind: 'probability', probability: 0.02 } },
  {
    fault: { kind: 'account_altered', alteration: 'unknown_fields' },
    when: { kind: 'probability', probability: 0.1 },
  },
  {
    fault: { kind: 'account_altered', alteration: 'nulls' },
    when: { kind: 'probability', probability: 0.02 },
  },
  { fault: { kind: 'listen_key_expired' }, when: { kind: 'at', times_ms: [50_000, 130_000] } },
  { fault: { kind: 'stream_terminated', ...PRIVATE }, when: { kind: 'at', times_ms: [80_000] } },
  { fault: { kind: 'stream_silent', ...PRIVATE }, when: { kind: 'at', times_ms: [170_000] } },
]

describe('the account stream on a venue that misbehaves', () => {
  it('in three minutes of trouble every fill is told or asked for, once, and nothing is reopened', async () => {
    const run = await follow(1, { rolloverMs: 30_000 }, { lifetimeMs: 60_000 })
    const { stage, stream, asked, userTrades, trade, orders, fills, states } = run
    const repairs = TROUBLE.map((planned) => stage.fault(planned))
    await trade(3 * MINUTE)
    for (const repair of repairs) repair()
    await stage.clock.pass(MINUTE)

    const injected = stage.venue.faults.injected()
    for (const { fault } of TROUBLE) expect(injected[fault.kind]).toBeGreaterThan(0)
    expect(stream.isUp).toBe(true)
    expect(states().filter((state) => state === 'down').length).toBeGreaterThanOrEqual(4)
    expect(new Set(fills()).size).toBe(fills().length)
    expect(fills().length).toBeGreaterThan(60)
    const known = new Set([...fills(), ...asked])
    expect(userTrades().filter((id) => !known.has(id))).toEqual([])
    const over = new Set<string>()
    const reopened = orders().filter(({ step, clientOrderId }) => {
      const wasOver = over.has(clientOrderId)
      if (step === 'canceled' || step === 'expired') over.add(clientOrderId)
      return wasOver && step !== 'filled'
    })
    expect(reopened).toEqual([])
    expect(stream.counts.dropped).toBeGreaterThan(10)
  })

  it('rolls over for hours without a word, and every fill is told by the stream alone', async () => {
    const run = await follow(2, { rolloverMs: 20_000 }, { lifetimeMs: 30_000 })
    const { stream, trade, userTrades, fills, states } = run
    await trade(2 * MINUTE)
    expect(stream.counts.opened).toBeGreaterThan(5)
    expect(states()).toEqual(['up'])
    expect(fills().toSorted()).toEqual(userTrades().toSorted())
  })

  it('gets a new listen key when its own expires with the socket open', async () => {
    const { stage, stream, trade, fills, states } = await follow(3)
    await trade(10_000)
    const before = fills().length
    stage.venue.expireListenKey(ACCOUNT)
    await stage.until(() => states().length === 3)
    await trade(10_000)
    expect(states()).toEqual(['up', 'down', 'up'])
    expect(fills().length).toBeGreaterThan(before)
    expect(stream.lastEventAt).toBeGreaterThan(0)
  })
})
