import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { dec } from '@tapedeck/core'
import { parsePlannedFault } from '@tapedeck/venue-simulator'
import type { ExecutionProcess } from './harness/execution-process.ts'
import { SYMBOL } from './harness/live-market.ts'
import { LiveSession } from './harness/live-session.ts'

const START_MS_MAX = 600_000
/** Longer than it takes to take over and to be sure that a lost order cannot arrive any more. */
const TTL_MS = '600000'
/** A limit that fills whatever the market does meanwhile. */
const IDEA = { quantity: '0.02', entry: '1.02', stop: '0.96', target: '1.06' }

let session: LiveSession
let first: ExecutionProcess
let second: ExecutionProcess

beforeAll(async () => {
  session = await LiveSession.start(
    'live-lease',
    { entry_ttl_ms: TTL_MS, fee_prices: "{ BNB: '600' }" },
    (make) => {
      first = make('first.log')
      second = make('second.log', { TAPEDECK_PORT: '0' })
    },
    {},
    { feeAsset: { asset: 'BNB', balance: '1', price: '612.5' } },
  )
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
      await session.until(() => session.openAtVenue().length === 2)
      first.signal('SIGCONT')
      expect(await first.ended()).not.toBe(0)
      expect(said(first, 'LEASE_LOST')).toBe(true)
      const atVenue = session.idsAtVenue()
      expect(new Set(atVenue).size).toBe(atVenue.length)
      expect(atVenue.filter((id) => entries().includes(id))).toHaveLength(1)
      const submitted = session.told('execution.order.submitted')
      const intents = new Set(submitted.map(({ payload }) => payload.order.client_order_id))
      expect(atVenue.filter((id) => !intents.has(id))).toEqual([])
    },
    START_MS_MAX,
  )

  it(
    'a part that the venue deleverages leaves the rest with a stop and a target of its size',
    async () => {
      const { venue } = session.market
      venue.move({ kind: 'deleverage', account: 'main', symbol: SYMBOL, part: 0.5 })
      const resized = await session.until(() => {
        const resting = venue.exchange.openConditionals('main', SYMBOL)
        return resting.length === 2 && resting.every((one) => one.quantity === '0.01') && resting
      })
      expect(resized.map(({ type }) => type).toSorted()).toEqual([
        'STOP_MARKET',
        'TAKE_PROFIT_MARKET',
      ])
      // What the venue has, the tape tells once its answer has come.
      const told = await session.until(() => {
        const payload = session.told('execution.position.changed').at(-1)?.payload
        return payload?.quantity === '0.01' && payload.protected && payload
      })
      expect(told.side).toBe('LONG')
      await session.flatten('all')
      await session.until(() => session.closedTrades()[0])
      expect(session.closedTrades()).toMatchObject([{ exit_reason: 'FLATTEN' }])
    },
    START_MS_MAX,
  )

  it(
    'commission that was paid in BNB is in the books, and both wallets agree',
    async () => {
      const [closed] = session.closedTrades()
      const [paid] = closed!.other_fees
      const { exchange } = session.market.venue
      const left = exchange.account('main')?.feeAsset?.walletBalance
      expect(dec(1).minus(paid!.amount).toString()).toBe(left)
      expect(paid).toMatchObject({ asset: 'BNB', unvalued: '0' })
      expect(dec(paid!.quote_value!).toNumber()).toBeCloseTo(
        dec(paid!.amount).times(600).toNumber(),
        6,
      )
      expect(closed!.fees).toBe(paid!.quote_value)
      await session.until(() => session.told('journal.trade.recorded')[0])
      expect(session.told('journal.difference.detected')).toEqual([])
      // The quote asset has what the trade made before fees.
      await session.untilWalletsAgree()
      expect(dec('10000').plus(closed!.gross_pnl).plus(closed!.funding).toString()).toBe(
        session.walletAtVenue(),
      )
    },
    START_MS_MAX,
  )
})
