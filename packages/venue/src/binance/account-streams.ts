import type { AccountListener, AccountStream, VenueClock } from '../port/index.ts'
import type { BinanceVenueOptions } from './binance-venue-options.ts'
import type { SecretHider } from './credentials/index.ts'
import { AccountStreamClient } from './streams/index.ts'
import { createListenKeys, type OrderIds, type VenueDesk } from './trading/index.ts'

type AccountStreamsOptions = {
  readonly desk: VenueDesk
  readonly hider: SecretHider
  readonly streamUrl: string
  readonly clock: VenueClock
  readonly options: Pick<BinanceVenueOptions, 'openLink' | 'random'>
}

/** Tells the adapter which id of the venue is which of ours, before anybody else hears of it. */
const learning =
  (orderIds: OrderIds, listener: AccountListener): AccountListener =>
  (event) => {
    if (event.kind === 'order' && !event.conditional)
      orderIds.learn(event.symbol, event.venueOrderId, event.clientOrderId)
    listener(event)
  }

/** The account streams that are open. */
export class AccountStreams {
  readonly #options: AccountStreamsOptions
  readonly #open = new Set<AccountStreamClient>()

  constructor(options: AccountStreamsOptions) {
    this.#options = options
  }

  open(listener: AccountListener): AccountStream {
    const { desk, hider, streamUrl, clock, options } = this.#options
    const stream = new AccountStreamClient({
      listenKeys: createListenKeys(desk.rest, hider),
      streamUrl,
      listener: learning(desk.orderIds, listener),
      log: desk.log,
      venue: desk.venue,
      clock,
      ...(options.openLink === undefined ? {} : { openLink: options.openLink }),
      ...(options.random === undefined ? {} : { random: options.random }),
    })
    this.#open.add(stream)
    stream.start()
    return {
      stop: async () => {
        this.#open.delete(stream)
        await stream.stop()
      },
    }
  }

  /** When the venue last extended the listen key, by our clock; null before. */
  get listenKeyKeptAt(): number | null {
    const kept = [...this.#open].flatMap(({ alive: { keptAt } }) => (keptAt === null ? [] : keptAt))
    return kept.length === 0 ? null : Math.min(...kept)
  }

  async stopAll(): Promise<void> {
    const open = [...this.#open]
    this.#open.clear()
    await Promise.all(open.map((stream) => stream.stop()))
  }
}
