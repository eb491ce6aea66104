import { describe, expect, it } from '@jest/globals'
import type { StreamFaults } from '../faults/index.ts'
import { START, aggregate, depth, scriptedHub } from './stream-hub.fixture.ts'

const subscribe = (params: readonly string[], id: number | string = 1): string =>
  JSON.stringify({ method: 'SUBSCRIBE', params, id })

const faults = (given: Partial<StreamFaults>): StreamFaults => ({
  accountMessage: (_account, payload) => [{ delayMs: 0, payload }],
  marketMessage: (_stream, payload) => [{ delayMs: 0, payload }],
  connection: () => ({ kind: 'keep' }),
  refusesConnection: () => null,
  expiresListenKey: () => false,
  ...given,
})

describe('control frames', () => {
  it('acknowledges before the first payload, by whichever kind of id', () => {
    const { connect, tell } = scriptedHub()
    const { sink, connection } = connect('/market/ws')
    connection.receive(subscribe(['btcusdt@aggTrade'], 'abc'))
    tell(1, aggregate(1, '100'))
    expect(sink.messages).toMatchObject([
      { result: null, id: 'abc' },
      { e: 'aggTrade', a: 1 },
    ])
  })

  it('lists, stops, wraps and says whether it wraps', () => {
    const { connect, tell } = scriptedHub()
    const { sink, connection } = connect('/market/ws/17')
    connection.receive(subscribe(['btcusdt@aggTrade', 'btcusdt@kline_1m'], 1))
    connection.receive('{"method":"LIST_SUBSCRIPTIONS","id":2}')
    connection.receive('{"method":"GET_PROPERTY","params":["combined"],"id":3}')
    connection.receive('{"method":"SET_PROPERTY","params":["combined",true],"id":4}')
    tell(1, aggregate(1, '100'))
    connection.receive('{"method":"UNSUBSCRIBE","params":["btcusdt@aggTrade"],"id":5}')
    tell(2, aggregate(2, '100'))
    expect(sink.messages).toMatchObject([
      { result: null, id: 1 },
      { result: ['btcusdt@aggTrade', 'btcusdt@kline_1m'], id: 2 },
      { result: false, id: 3 },
      { result: null, id: 4 },
      { stream: 'btcusdt@aggTrade', data: { e: 'aggTrade', a: 1 } },
      { result: null, id: 5 },
    ])
  })

  it('answers what it cannot read with an error, and goes on', () => {
    const { connect } = scriptedHub()
    const { sink, connection } = connect('/market/ws')
    connection.receive('nonsense')
    connection.receive('{"method":"GET_PROPERTY","params":["combined"],"id":9}')
    expect(sink.messages).toMatchObject([
      { error: { code: 3 }, id: null },
      { result: false, id: 9 },
    ])
  })

  it('acknowledges a stream on the wrong route and never says anything on it', () => {
    const { connect, tell } = scriptedHub()
    const wrong = connect('/public/ws')
    const legacy = connect('/ws')
    const inPath = connect('/public/ws/btcusdt@aggTrade')
    wrong.connection.receive(subscribe(['btcusdt@aggTrade']))
    legacy.connection.receive(subscribe(['btcusdt@aggTrade', 'btcusdt@depth@100ms']))
    tell(1, aggregate(1, '100'), depth(2, 3, 1, '5'))
    tell(101)
    expect(wrong.sink.messages).toEqual([{ result: null, id: 1 }])
    expect(inPath.sink.messages).toEqual([])
    expect(legacy.sink.messages).toEqual([{ result: null, id: 1 }])
    legacy.sink.take()
    tell(250, aggregate(2, '101'))
    expect(legacy.sink.messages).toMatchObject([{ e: 'depthUpdate', u: 3 }])
  })

  it('ends a connection that speaks more than ten times a second, pongs and pings counted', () => {
    const { connect, advance } = scriptedHub()
    const { sink, connection } = connect('/market/ws')
    for (let i = 0; i < 8; i++) connection.receive('{"method":"LIST_SUBSCRIPTIONS","id":1}')
    connection.ping()
    connection.pong()
    expect(sink).toMatchObject({ ended: null, pongs: 1 })
    advance(1000)
    for (let i = 0; i < 10; i++) connection.pong()
    expect(sink.ended).toBeNull()
    connection.pong()
    expect(sink.ended).toEqual({ code: 1008, reason: 'too many messages' })
    connection.receive('{"method":"LIST_SUBSCRIPTIONS","id":2}')
    expect(sink.frames).toHaveLength(8)
  })

  it('holds 1024 streams a connection, by whatever way they come', () => {
    const { connect } = scriptedHub()
    const names = Array.from({ length: 1025 }, (_, i) => `a${i}@trade`)
    expect(connect('/public/stream', `streams=${names.join('/')}`).sink.ended).toMatchObject({
      code: 1008,
    })
    const { sink, connection } = connect('/public/stream', `streams=${names.slice(1).join('/')}`)
    connection.receive(subscribe(['one@trade']))
    connection.receive(subscribe(['a5@trade'], 2))
    expect(sink.messages).toMatchObject([
      { error: { code: 2 }, id: 1 },
      { result: null, id: 2 },
    ])
  })
})

describe('the life of a connection', () => {
  it('is pinged every three minutes, and ends after ten without an answer', () => {
    const { connect, advance } = scriptedHub()
    const { sink, connection } = connect('/market/ws')
    const minute = 60_000
    for (let at = 1; at <= 6; at++) advance(at * minute)
    expect(sink.pings).toBe(2)
    connection.pong()
    for (let at = 7; at <= 18; at++) advance(at * minute)
    expect(sink.ended).toBeNull()
    advance(19 * minute)
    expect(sink.ended).toEqual({ code: 1008, reason: 'no pong' })
  })

  it('ends after 24 hours, however lively', () => {
    const { connect, advance, hub } = scriptedHub()
    const { sink, connection } = connect('/market/ws')
    for (let minute = 1; minute < 24 * 60; minute++) {
      advance(minute * 60_000)
      connection.pong()
    }
    expect(sink.ended).toBeNull()
    advance(24 * 3_600_000)
    expect(sink.ended).toMatchObject({ code: 1001 })
    expect(hub.sessions.size).toBe(0)
  })

  it('does not mistake a clock that jumps for a client that is dead', () => {
    const { connect, advance } = scriptedHub()
    const { sink, connection } = connect('/market/ws')
    advance(8 * 3_600_000)
    connection.pong()
    advance(8 * 3_600_000 + 1000)
    expect(sink).toMatchObject({ pings: 1, ended: null })
  })

  it('turns away an address that does not exist', () => {
    const { hub, connect } = scriptedHub()
    expect(hub.refusal('/fapi/v1/order', '')).toBe(404)
    expect(hub.refusal('/market/ws', '')).toBeNull()
    expect(connect('/nowhere').sink.ended).toMatchObject({ code: 1008 })
    expect(hub.sessions.size).toBe(0)
  })
})

describe('what faults do', () => {
  it('delays, repeats, garbles and loses market messages', () => {
    const { connect, tell, advance } = scriptedHub({
      faults: faults({
        marketMessage: (stream, payload) => {
          if (payload['a'] === 1) return [{ delayMs: 50, payload }]
          if (payload['a'] === 2)
            return [
              { delayMs: 0, payload },
              { delayMs: 0, raw: 'oops' },
            ]
          return stream === 'btcusdt@aggTrade' ? [] : [{ delayMs: 0, payload }]
        },
      }),
    })
    const { sink } = connect('/market/stream', 'streams=btcusdt@aggTrade')
    tell(1, aggregate(1, '100'), aggregate(2, '101'), aggregate(3, '102'))
    advance(50)
    expect(sink.frames).toHaveLength(2)
    advance(51)
    expect(sink.frames[0]).toContain('"a":2')
    expect(sink.frames.slice(1)).toEqual(['oops', expect.stringContaining('"a":1')])
  })

  it('silences, closes and cuts connections, and refuses new ones', () => {
    const acts = new Map<number, ReturnType<StreamFaults['connection']>>()
    const { connect, tell, advance, hub } = scriptedHub({
      faults: faults({
        connection: ({ id }) => acts.get(Number(id)) ?? { kind: 'keep' },
        refusesConnection: (route) => (route === 'private' ? 503 : null),
      }),
    })
    const all = [1, 2, 3].map(() => connect('/market/ws/btcusdt@aggTrade'))
    acts.set(1, { kind: 'silent' })
    acts.set(2, { kind: 'close', code: 1001, reason: 'maintenance' })
    acts.set(3, { kind: 'terminate' })
    tell(1, aggregate(1, '100'))
    expect(all.map(({ sink }) => sink.frames.length)).toEqual([0, 0, 0])
    expect(all.map(({ sink }) => sink.ended)).toEqual([
      null,
      { code: 1001, reason: 'maintenance' },
      'terminated',
    ])
    all[0]!.connection.ping()
    acts.delete(1)
    tell(2, aggregate(2, '100'))
    advance(3 * 60_000)
    expect(all[0]!.sink).toMatchObject({ frames: [], pings: 0, pongs: 0 })
    expect(hub.refusal('/private/ws', '')).toBe(503)
    expect(hub.refusal('/market/ws', '')).toBeNull()
  })

  it('lets a listen key expire: the connection is told, and stays open without another word', () => {
    let expires = false
    const { connect, keys, hub, advance } = scriptedHub({
      faults: faults({ expiresListenKey: () => expires }),
    })
    const { sink } = connect('/private/ws', 'listenKey=key-of-main')
    expires = true
    advance(1000)
    expect(sink.messages).toEqual([
      { e: 'listenKeyExpired', E: START + 1000, listenKey: 'key-of-main' },
    ])
    expect(keys.size).toBe(0)
    hub.tellAccount('main', { e: 'ACCOUNT_UPDATE' })
    expect(sink.frames).toHaveLength(1)
    expect(sink.ended).toBeNull()
  })
})
