import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { aggregate, depth, fill, order, scriptedHub } from './stream-hub.fixture.ts'
import { readStreamPath } from './stream-path.ts'

const NAMES = ['btcusdt@aggTrade', 'btcusdt@depth@100ms', 'btcusdt@kline_1m', 'key-of-main'].concat(
  ['btcusdt@depth5', '!markPrice@arr', 'x@trade', '7', ''],
)
const name = fc.constantFrom(...NAMES)
const path = fc.oneof(
  fc.constantFrom('/ws', '/stream', '/public/ws', '/market/ws/3', '/private/stream', '/nowhere'),
  fc
    .tuple(fc.constantFrom('/public/ws/', '/market/ws/', '/private/ws/'), name)
    .map((of) => of.join('')),
  fc.string(),
)
const query = fc.oneof(
  fc.array(name).map((names) => `streams=${names.join('/')}`),
  fc.constantFrom('', 'listenKey=key-of-main', 'listenKey=key-of-main&events=ACCOUNT_UPDATE'),
  fc.string(),
)
const frame = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .record({
      method: fc.constantFrom('SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY'),
      params: fc.oneof(fc.array(name), fc.constant(['combined', true])),
      id: fc.oneof(fc.nat(), fc.string()),
    })
    .map((value) => JSON.stringify(value)),
)
const which = fc.nat(5)
const step = fc.oneof(
  fc.record({ do: fc.constant('connect' as const), path, query }),
  fc.record({ do: fc.constant('receive' as const), which, frame }),
  fc.record({ do: fc.constantFrom('pong' as const, 'ping' as const, 'closed' as const), which }),
  fc.record({ do: fc.constant('happen' as const), after: fc.nat(400) }),
)

describe('StreamHub', () => {
  it('survives whatever clients do, answers each frame once, and forgets who is gone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { hub, connect, tell, advance } = scriptedHub({
          limits: { messagesPerSecondMax: 5 },
        })
        const all: ReturnType<typeof connect>[] = []
        let at = 0
        const unanswered: string[] = []
        const isOpen = ({ connection }: (typeof all)[number]): boolean =>
          [...hub.sessions].some((session) => session === connection)
        for (const one of steps) {
          const target = 'which' in one ? all[one.which] : undefined
          if (one.do === 'connect') all.push(connect(one.path, one.query))
          else if (one.do === 'receive' && target !== undefined) {
            const [wasOpen, before] = [isOpen(target), target.sink.frames.length]
            target.connection.receive(one.frame)
            const answers = target.sink.frames.length - before
            if (wasOpen && isOpen(target) ? answers !== 1 : answers > 0) unanswered.push(one.frame)
          } else if (one.do === 'happen') {
            at += one.after
            tell(at, aggregate(at, '100'), depth(at + 1, at + 2, at, '5'), {
              kind: 'order',
              account: 'main',
              execution: 'TRADE',
              order: order(),
              fill: fill(),
            })
            advance(at)
          } else if (one.do === 'ping' || one.do === 'pong' || one.do === 'closed')
            target?.connection[one.do]()
        }
        const parsed = all.flatMap(({ sink }) => sink.messages)
        expect(parsed.every((message) => typeof message === 'object')).toBe(true)
        expect(unanswered).toEqual([])
        for (const { connection } of all) connection.closed()
        expect(hub.sessions.size).toBe(0)
        expect(NAMES.filter((stream) => hub.hasListeners(stream))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('reads any address', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.oneof(fc.webQueryParameters(), fc.string()), (where, asked) => {
        const found = readStreamPath(where, asked)
        expect(found === null || found.streams.every((stream) => stream !== '')).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})
