import type { AccountEvent } from '@tapedeck/venue'
import { Exchange, createPaperVenue } from '../../src/index.ts'
import { INSTRUMENTS, START, printAt, quoteAround } from './stage-market.ts'
import { ACCOUNT, type VenueStage } from './venue-stage.ts'

const now = (act: () => void): Promise<void> => {
  act()
  return Promise.resolve()
}

/** The port directly upon the exchange. */
export const openPaperStage = (): Promise<VenueStage> => {
  let outcome: 'trigger' | 'stick' | 'reject' | 'finish_empty' = 'trigger'
  const exchange = new Exchange({
    instruments: INSTRUMENTS,
    startTime: START,
    hooks: { onTrigger: () => outcome },
  })
  exchange.openAccount(ACCOUNT, { balance: '100000' })
  const venue = createPaperVenue({ exchange, account: ACCOUNT })
  venue.applyMarket(quoteAround(exchange, 60_000, 1_000))
  const heard: AccountEvent[] = []
  venue.openAccountStream((event) => heard.push(event))
  return Promise.resolve({
    venue,
    raw: venue,
    during: (work) => work,
    heard,
    get time() {
      return exchange.time
    },
    quote: (middle, lots = 1_000) =>
      now(() => venue.applyMarket(quoteAround(exchange, middle, lots))),
    print: (price, lots, aggressor) =>
      now(() => venue.applyMarket([printAt(exchange, price, lots, aggressor)])),
    pass: (ms) => now(() => venue.advanceTo(exchange.time + ms)),
    happen: (act) =>
      now(() => {
        act(exchange)
        venue.settle()
      }),
    onTrigger: (next) => {
      outcome = next
    },
    wire: null,
    close: () => venue.close(),
  })
}
