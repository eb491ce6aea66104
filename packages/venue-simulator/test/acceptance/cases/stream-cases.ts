import { expect } from '@jest/globals'
import type { AccountEvent } from '@tapedeck/venue'
import { accepted, found, limit, market, valueOf } from '../orders.ts'
import {
  SYMBOL,
  onPort,
  onWire,
  stepsOf,
  toldOf,
  type AcceptanceCase,
  type VenueStage,
} from '../venue-stage.ts'

const states = ({ heard }: VenueStage): string[] =>
  heard.flatMap((event) => (event.kind === 'stream' ? [event.state] : []))

/** Long enough for any wait before another attempt. */
const A_WHILE_MS = 90_000

const isTold = async (stage: VenueStage, id: string): Promise<void> => {
  await accepted(stage, limit(id, 'BUY', '0.01', '59950'))
  expect(stepsOf(stage, id)).toEqual(['accepted'])
}

export const STREAM_CASES: readonly AcceptanceCase[] = [
  onPort('V-97', 'the stream says that it is up before it tells anything', async (stage) => {
    await isTold(stage, 'a')
    const first = stage.heard.findIndex(({ kind }) => kind === 'order')
    const up = stage.heard.findIndex((event) => event.kind === 'stream' && event.state === 'up')
    expect(up).toBeGreaterThanOrEqual(0)
    expect(up).toBeLessThan(first)
  }),

  onPort('V-98', 'a stream that was stopped tells nothing', async (stage) => {
    const heard: AccountEvent[] = []
    const stream = stage.raw.openAccountStream((event) => heard.push(event))
    await stage.pass(1_000)
    await stage.during(stream.stop())
    const before = heard.length
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    expect(heard).toHaveLength(before)
  }),

  onWire('V-99', 'a stream that is closed comes up again by itself', async (stage, wire) => {
    wire.cut('close')
    await stage.pass(A_WHILE_MS)
    expect(states(stage).slice(-2)).toEqual(['down', 'up'])
    await isTold(stage, 'a')
  }),

  onWire('V-100', 'a stream that ends without a word comes up again', async (stage, wire) => {
    wire.cut('terminate')
    await stage.pass(A_WHILE_MS)
    expect(states(stage).slice(-2)).toEqual(['down', 'up'])
    await isTold(stage, 'a')
  }),

  onWire(
    'V-101',
    'what happened while the stream was away is found by asking',
    async (stage, wire) => {
      await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
      wire.fault({ fault: { kind: 'stream_down', routes: ['private'] }, when: { kind: 'always' } })
      await stage.pass(5_000)
      await stage.quote(59_900)
      expect(states(stage).at(-1)).toBe('down')
      expect(stepsOf(stage, 'a')).toEqual(['accepted'])
      wire.repair()
      await stage.pass(A_WHILE_MS)
      expect(states(stage).at(-1)).toBe('up')
      expect(await found(stage, 'a')).toMatchObject({ status: 'FILLED' })
      expect(valueOf(await stage.venue.fills(SYMBOL, 0))).toMatchObject([{ clientOrderId: 'a' }])
    },
  ),

  onWire('V-102', 'a stream that falls silent is found out', async (stage, wire) => {
    wire.fault({
      fault: { kind: 'stream_silent', routes: ['private'] },
      when: { kind: 'once' },
    })
    await stage.pass(5_000)
    wire.repair()
    await stage.pass(A_WHILE_MS)
    expect(states(stage)).toContain('down')
    expect(states(stage).at(-1)).toBe('up')
    await isTold(stage, 'a')
  }),

  onWire('V-103', 'a listen key that expires is replaced', async (stage, wire) => {
    wire.expireListenKey()
    await stage.pass(A_WHILE_MS)
    expect(states(stage).slice(-2)).toEqual(['down', 'up'])
    await isTold(stage, 'a')
  }),

  onWire('V-104', 'a listen key is kept alive for hours', async (stage, wire) => {
    await stage.pass(3 * 3_600_000)
    expect(wire.requests).toContain('PUT /fapi/v1/listenKey')
    expect(states(stage).at(-1)).toBe('up')
    await stage.quote(60_000)
    await isTold(stage, 'a')
  }),

  onWire('V-105', 'messages that come twice are told once', async (stage, wire) => {
    wire.fault({ fault: { kind: 'account_duplicated' }, when: { kind: 'always' } })
    await accepted(stage, market('a', 'BUY', '0.01'))
    await stage.pass(1_000)
    expect(toldOf(stage, 'a').filter(({ fill }) => fill !== null)).toHaveLength(1)
    expect(stepsOf(stage, 'a')).toEqual(['accepted', 'filled'])
  }),

  onWire('V-106', 'a late NEW does not reopen what has filled', async (stage, wire) => {
    wire.fault({ fault: { kind: 'account_late_new', late_ms: 500 }, when: { kind: 'always' } })
    await accepted(stage, market('a', 'BUY', '0.01'))
    await stage.pass(5_000)
    expect(stepsOf(stage, 'a').at(-1)).toBe('filled')
  }),

  onWire('V-107', 'fills that are lost on the stream are found by asking', async (stage, wire) => {
    wire.fault({
      fault: { kind: 'account_lost' },
      when: { kind: 'always' },
      on: { events: ['ORDER_TRADE_UPDATE'] },
    })
    await accepted(stage, market('a', 'BUY', '0.01'))
    expect(toldOf(stage, 'a')).toEqual([])
    expect(await found(stage, 'a')).toMatchObject({ status: 'FILLED' })
    expect(valueOf(await stage.venue.fills(SYMBOL, 0))).toMatchObject([
      { clientOrderId: 'a', quantity: '0.01' },
    ])
  }),

  onWire('V-108', 'frames that are no messages are survived', async (stage, wire) => {
    wire.fault({ fault: { kind: 'account_malformed' }, when: { kind: 'once' } })
    await accepted(stage, limit('a', 'BUY', '0.01', '59950'))
    wire.repair()
    await stage.pass(A_WHILE_MS)
    await isTold(stage, 'b')
  }),
]
