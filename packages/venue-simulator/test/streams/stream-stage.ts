import type { DepthEvent, TradeEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import {
  known,
  readSighted,
  snapshotEvent,
  type InstrumentGrid,
  type ListenKeyAnswer,
  type ListenKeyCalls,
  type OpenLink,
  type VenueResult,
} from '@tapedeck/venue'
import {
  GeneratedSource,
  SimulatedVenue,
  parsePlannedFault,
  type PlannedFaultInput,
  type StreamLimits,
} from '../../src/index.ts'
import { VenueClient } from '../../src/venue/testing/venue-client.ts'
import { linksTo } from '../acceptance/in-process-wire.ts'
import { VirtualClock } from '../acceptance/virtual-clock.ts'

const START = 1_800_000_000_000
export const ACCOUNT = 'main'
const KEYS = { apiKey: 'key-of-main', secret: 'secret-of-main' }

export const BTC = testInstrument()

/** How often the venue's clock is moved while nothing else happens. */
const BEAT_MS = 100

/** A generated market on a simulated venue, and clients in the same process and time. */
export class StreamStage {
  readonly venue: SimulatedVenue
  readonly clock: VirtualClock
  readonly client: VenueClient
  readonly openLink: OpenLink
  #isOver = false

  constructor(seed: number, streamLimits: Partial<StreamLimits> = {}) {
    const source = new GeneratedSource({
      symbols: [{ instrument: BTC, startPrice: '60000' }],
      seed,
      startTime: START,
    })
    this.venue = new SimulatedVenue({ source, streamLimits })
    this.venue.addAccount({ account: ACCOUNT, ...KEYS, balance: '1000000' })
    this.clock = new VirtualClock(START, (now) => this.venue.advanceTo(now))
    this.client = new VenueClient(this.venue, KEYS)
    this.openLink = linksTo(this.venue, this.clock)
    this.#beat()
  }

  /** Returns what takes it away again. */
  fault(planned: PlannedFaultInput): () => void {
    const id = this.venue.faults.add(parsePlannedFault(planned, 'fault'), this.venue.time)
    return () => void this.venue.faults.remove(id)
  }

  /** Time passes until something is so, within ten minutes. */
  async until(condition: () => boolean): Promise<void> {
    for (let i = 0; i < 6000; i++) {
      if (condition()) return
      await this.clock.pass(100)
    }
    throw new Error(`not reached: ${condition.toString()}`)
  }

  end(): void {
    this.#isOver = true
  }

  /** REST of the market, answered after a while, as over a wire. */
  readonly rest = {
    depthSnapshot: async (grid: InstrumentGrid): Promise<DepthEvent> => {
      const values = { symbol: grid.symbol, limit: 1000 }
      return snapshotEvent((await this.#get('/fapi/v1/depth', values)) as never, grid)
    },
    aggTrades: async (grid: InstrumentGrid, fromId: number): Promise<TradeEvent[]> => {
      const values = { symbol: grid.symbol, fromId, limit: 1000 }
      const rows = (await this.#get('/fapi/v1/aggTrades', values)) as Record<string, unknown>[]
      const read = (data: Record<string, unknown>): TradeEvent =>
        readSighted({ kind: 'aggTrade', symbol: grid.symbol, data }, grid) as TradeEvent
      return rows.map(read)
    },
  }

  readonly listenKeys: ListenKeyCalls = {
    create: async () => await this.#listenKey('POST'),
    extend: async () => await this.#listenKey('PUT'),
  }

  async #get(path: string, values: Record<string, string | number>): Promise<unknown> {
    await this.#wire(40)
    const { status, json } = this.client.plain('GET', path, values)
    await this.#wire(40)
    if (status !== 200) throw new Error(`${path} answered ${status}`)
    return json
  }

  async #listenKey(method: 'POST' | 'PUT'): Promise<VenueResult<ListenKeyAnswer>> {
    await this.#wire(20)
    const { json } = this.client.plain(method, '/fapi/v1/listenKey')
    await this.#wire(20)
    const { listenKey, code, msg } = json as { listenKey?: string; code?: number; msg?: string }
    if (listenKey !== undefined) return known({ listenKey })
    return known({ listenKey: null, code: String(code), reason: msg ?? '' })
  }

  #wire(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve)
    })
  }

  #beat(): void {
    this.clock.after(BEAT_MS, () => {
      if (!this.#isOver) this.#beat()
    })
  }
}
