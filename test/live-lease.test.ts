import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { parsePlannedFault } from '@tapedeck/venue-simulator'
import type { ExecutionProcess } from './harness/execution-process.ts'
import { SYMBOL } from './harness/live-market.ts'
import { LiveSession } from './harness/live-session.ts'

const START_MS_MAX = 120_000
/** Longer than it takes to take over and to be sure that a lost order cannot arrive any more. */
const TTL_MS = '90000'
/** A limit that fills whatever the market does meanwhile. */
const IDEA = { quantity: '0.02', entry: '1.02', stop: '0.96', target: '1.06' }

let session: LiveSession
let first: ExecutionProcess
let second: ExecutionProcess

beforeAll(async () => {
  session = await LiveSession.start('live-lease', { entry_ttl_ms: TTL_MS }, (make) => {
    first = make('first.log')
    second = make('second.log', { TAPEDECK_PORT: '0' })
  })
  await session.activate()
}, START_MS_MAX)

afterAll(async () => {
  await session?.stop()
  session?.remove()
}, START_MS_MAX)

const said = ({ logFile }: ExecutionProcess, what: string): boolean =>
  readFileSync(logFile, 'utf8').includes(what)
const entries = (): string[] =>
  session
    .orders('execution.order.submitted', 'ENTRY')
    .map(({ payload }) => payload.order.client_order_id)

describe('two execution services for one account', () => {
  it(
    'an entry waits, after a restart within a run, until the account is as it must be',
    async () => {
      await first.end('SIGTERM')
      const { venue } = session.market
      // Somebody changed it meanwhile, and it cannot be set right yet.
      const refused = { fault: { kind: 'service_unavailable' }, on: { requests: ['settings'] } }
      const fault = venue.faults.add(
        parsePlannedFault({ ...refused, when: { kind: 'always' } }, 'the fault of a test'),
        venue.time,
      )
      venue.move({ kind: 'set_leverage', account: 'main', symbol: SYMBOL, leverage: 3 })
      first.start()
      await session.until(() => said(first, 'venue_not_ready'))
      // The second stands by: it waits for the lease.
      second.start()
      await session.approve('one', IDEA)
      await session.until(() => entries()[0])
      await sleep(500)
      expect(session.idsAtVenue()).toEqual([])
      // The one that acts is stopped with the order in its hands; what kept it there is over.
      first.signal('SIGSTOP')
      venue.faults.remove(fault)
      await session.until(() => session.told('execution.trade.protected')[0])
      expect(session.told('execution.order.filled').length).toBeGreaterThan(0)
      expect(entries().length).toBeGreaterThan(1)
    },
    START_MS_MAX,
  )

  it(
    'what the first comes back with is not sent, and it ends',
    async () => {
      first.signal('SIGCONT')
      expect(await first.ended()).not.toBe(0)
      expect(said(first, 'LEASE_LOST')).toBe(true)
      await session.flatten('all')
      await session.until(() => session.closedTrades()[0])
      await session.until(() => session.openAtVenue().length === 0)
      const atVenue = session.idsAtVenue()
      expect(new Set(atVenue).size).toBe(atVenue.length)
      expect(atVenue.filter((id) => entries().includes(id))).toHaveLength(1)
      const submitted = session.told('execution.order.submitted')
      const intents = new Set(submitted.map(({ payload }) => payload.order.client_order_id))
      expect(atVenue.filter((id) => !intents.has(id))).toEqual([])
      const { exchange } = session.market.venue
      expect(exchange.positions('main', { symbol: SYMBOL })).toEqual([])
    },
    START_MS_MAX,
  )
})
