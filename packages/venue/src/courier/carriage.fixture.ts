import type { Order, VenueReported } from '@tapedeck/contracts'
import type { OrderRequest } from '../port/order-request.ts'
import { ModelVenue } from './model-venue.fixture.ts'
import { OrderCourier } from './order-courier.ts'
import type { CourierOptions } from './courier-options.ts'
import type { OrderIntent } from './order-intent.ts'
import { TestClock } from './test-clock.fixture.ts'

export const SYMBOL = 'BTCUSDT'

const BY_ROLE = {
  ENTRY: { type: 'LIMIT', price: '100', stop_price: null, side: 'BUY' },
  STOP: { type: 'STOP_MARKET', price: null, stop_price: '90', side: 'SELL' },
  TARGET: { type: 'TAKE_PROFIT_MARKET', price: null, stop_price: '120', side: 'SELL' },
  EXIT: { type: 'MARKET', price: null, stop_price: null, side: 'SELL' },
} as const

/** An order of ten as the tape tells it. */
export const order = (
  id: string,
  role: keyof typeof BY_ROLE = 'ENTRY',
  rest: Partial<Order> = {},
): Order => ({
  client_order_id: id,
  venue_order_id: null,
  trade_id: 'trade',
  role,
  quantity: '10',
  reduce_only: role !== 'ENTRY',
  status: 'SUBMITTED',
  filled_quantity: '0',
  average_price: null,
  created_at: 1_000_000,
  updated_at: 1_000_000,
  reason: null,
  ...BY_ROLE[role],
  ...rest,
})

export const submit = (id: string, role: keyof typeof BY_ROLE = 'ENTRY'): OrderIntent => ({
  kind: 'submit',
  symbol: SYMBOL,
  order: order(id, role),
})

export const cancel = (id: string, role: keyof typeof BY_ROLE = 'ENTRY'): OrderIntent => ({
  kind: 'cancel',
  symbol: SYMBOL,
  order: order(id, role, { status: 'PENDING_CANCEL' }),
})

/** An order as the venue is asked for it. */
export const requestOf = (one: Order): OrderRequest => ({
  symbol: SYMBOL,
  clientOrderId: one.client_order_id,
  side: one.side,
  type: one.type,
  quantity: one.quantity,
  price: one.price,
  stopPrice: one.stop_price,
  reduceOnly: one.reduce_only,
})

/** A report in short. */
const told = ({ report, client_order_id: id, fill, reason, ...rest }: VenueReported): string =>
  [
    id ?? '-',
    report,
    ...(fill === null ? [] : [`${fill.quantity}@${fill.price}`]),
    ...(rest.amount === null ? [] : [rest.amount]),
    ...(rest.may_resend ? ['may resend'] : []),
    ...(reason === null ? [] : [`(${reason})`]),
  ].join(' ')

/** A courier with a venue that does what it is told, in a time that passes when it is told to. */
export class Carriage {
  readonly clock = new TestClock()
  readonly venue = new ModelVenue(this.clock)
  readonly reports: VenueReported[] = []
  courier: OrderCourier
  readonly #options: Partial<CourierOptions>

  constructor(options: Partial<CourierOptions> = {}) {
    this.#options = options
    this.courier = this.#make()
  }

  #make(): OrderCourier {
    return new OrderCourier({
      venue: this.venue,
      account: 'main',
      venueName: 'model',
      symbols: [SYMBOL],
      recvWindowMs: 5_000,
      clock: this.clock,
      report: (report) => {
        this.reports.push(report)
        return Promise.resolve()
      },
      ...this.#options,
    })
  }

  /** Another courier in the place of this one, which knows nothing but what it is given. */
  restart(...open: readonly Order[]): void {
    this.courier = this.#make()
    this.courier.start(open.map((one) => ({ symbol: SYMBOL, order: one })))
  }

  get told(): string[] {
    return this.reports.map(told)
  }

  asked(method: string): string[] {
    return this.venue.calls.filter((call) => call.startsWith(method))
  }
}
