import {
  Secret,
  createBinanceVenue,
  makeKeyPair,
  type AccountEvent,
  type BinanceVenue,
  type VenuePort,
} from '@tapedeck/venue'
import { SimulatedVenue, parsePlannedFault, type ServableVenue } from '../../src/index.ts'
import { forgetSigningKeys, signingKeys, type SigningKeys } from '../support/signing-keys.ts'
import { WireRecord, recordWire } from '../wire/wire-record.ts'
import { fetchFrom, linksTo } from './in-process-wire.ts'
import { INSTRUMENTS, START, printAt, quoteAround } from './stage-market.ts'
import { ACCOUNT, type VenueStage } from './venue-stage.ts'
import { VirtualClock } from './virtual-clock.ts'

const KEYS = { apiKey: 'acceptance-key-of-main', secret: 'acceptance-secret-of-main' }

const TRIGGERS = {
  stick: { kind: 'algo_stuck' },
  reject: { kind: 'algo_rejected' },
  finish_empty: { kind: 'algo_unfilled' },
} as const

/** Every call of the port completes in virtual time. */
const waiting = (venue: VenuePort, clock: VirtualClock): VenuePort => ({
  venue: venue.venue,
  serverTime: () => clock.during(venue.serverTime()),
  openOrders: (symbols) => clock.during(venue.openOrders(symbols)),
  positions: (symbols) => clock.during(venue.positions(symbols)),
  fills: (symbol, since) => clock.during(venue.fills(symbol, since)),
  balances: () => clock.during(venue.balances()),
  findOrder: (symbol, id) => clock.during(venue.findOrder(symbol, id)),
  instruments: () => clock.during(venue.instruments()),
  prepareAccount: (setup) => clock.during(venue.prepareAccount(setup)),
  submitOrder: (request) => clock.during(venue.submitOrder(request)),
  cancelOrder: (request) => clock.during(venue.cancelOrder(request)),
  cancelAllOrders: (symbol) => clock.during(venue.cancelAllOrders(symbol)),
  funding: (symbol, since) => clock.during(venue.funding(symbol, since)),
  openMarketFeed: (request) => venue.openMarketFeed(request),
  openAccountStream: (listener) => venue.openAccountStream(listener),
  close: () => clock.during(venue.close()),
})

/** How an adapter is put on a venue in the same process, with whatever keys. */
const connectTo =
  (venue: ServableVenue, clock: VirtualClock, requests: string[]) =>
  ({ apiKey, secret }: SigningKeys): Promise<BinanceVenue> =>
    createBinanceVenue({
      network: { restUrl: 'http://venue', streamUrl: 'ws://venue' },
      credentials: { apiKey: new Secret(apiKey), secret: new Secret(secret) },
      fetch: fetchFrom(venue, clock, requests),
      openLink: linksTo(venue, clock),
      clock,
      random: () => 0.5,
    })

/** The Binance adapter over the simulated venue: its REST and its streams, in the same process. */
export const openBinanceStage = async (): Promise<VenueStage> => {
  const sim = new SimulatedVenue({ instruments: INSTRUMENTS, startTime: START })
  sim.addAccount({ account: ACCOUNT, ...KEYS, balance: '100000' })
  const { exchange } = sim
  sim.applyMarket(quoteAround(exchange, 60_000, 1_000))
  const clock = new VirtualClock(START, (now) => sim.advanceTo(now))
  const requests: string[] = []
  // What is said while something is made to go wrong is not held against the field tables.
  const record = new WireRecord(() => sim.faults.standing().length === 0)
  const connect = connectTo(recordWire(sim, record), clock, requests)
  const venue = await connect(KEYS)
  const heard: AccountEvent[] = []
  venue.openAccountStream((event) => heard.push(event))
  await clock.pass(10)
  const faults: number[] = []
  let trigger: number | null = null
  const apply = async (act: () => void): Promise<void> => {
    act()
    await clock.pass(1)
  }
  return {
    venue: waiting(venue, clock),
    raw: venue,
    during: (work) => clock.during(work),
    heard,
    get time() {
      return sim.time
    },
    quote: (middle, lots = 1_000) =>
      apply(() => sim.applyMarket(quoteAround(exchange, middle, lots))),
    print: (price, lots, aggressor) =>
      apply(() => sim.applyMarket([printAt(exchange, price, lots, aggressor)])),
    pass: (ms) => clock.pass(ms),
    happen: (act) =>
      apply(() => {
        act(exchange)
        sim.settle()
      }),
    onTrigger: (outcome) => {
      if (trigger !== null) sim.faults.remove(trigger)
      trigger =
        outcome === 'trigger'
          ? null
          : sim.faults.add(
              parsePlannedFault({ fault: TRIGGERS[outcome], when: { kind: 'always' } }, 'fault'),
              sim.time,
            )
    },
    wire: {
      fault: (planned) =>
        void faults.push(sim.faults.add(parsePlannedFault(planned, 'fault'), sim.time)),
      repair: () => {
        for (const id of faults.splice(0)) sim.faults.remove(id)
      },
      requests,
      cut: (how) => void sim.cutStreams(how),
      adapterWith: async (kind) => {
        const isAnother = kind === 'another Ed25519'
        const keys = signingKeys(sim, isAnother ? 'Ed25519' : kind)
        const other = makeKeyPair().privateKey.reveal()
        return waiting(await connect(isAnother ? { ...keys, secret: other } : keys), clock)
      },
      deleteKeys: () => forgetSigningKeys(sim),
      expireListenKey: () => void sim.expireListenKey(ACCOUNT),
      lateArrivalMs: venue.lateArrivalMs,
    },
    close: () => clock.during(venue.close()).then(() => record.expectNone()),
  }
}
