import type { Order, Output, VenueReported } from '@tapedeck/contracts'
import type { Told } from './remote.ts'
import { START, SYMBOL } from './scenario.ts'

type Phase = 'coming' | 'open' | 'over'
type Held = { readonly order: Order; readonly lots: number; filled: number; phase: Phase }

export type TinyFill = { readonly id: string; readonly side: 'BUY' | 'SELL'; readonly lots: number }

const quantity = (lots: number): string => (lots / 1000).toString()
const lotsOf = (text: string): number => Math.round(Number(text) * 1000)

/**
 * A venue of a few lines, told what happens by a test: it holds orders, fills them as far as its own rules
 * allow, and writes down everything that it would tell. When that is told, and how often, is the test's.
 */
export class TinyVenue {
  readonly fills: TinyFill[] = []
  /** Everything to tell, in the order in which it happened. */
  readonly news: Told[] = []
  position = 0
  readonly #orders = new Map<string, Held>()
  #clock = START

  /** Takes what execution said: intents alone matter. */
  hear(outputs: readonly Output[]): void {
    for (const one of outputs) {
      if (one.type === 'execution.order.submitted') {
        const { order } = one.payload
        const lots = lotsOf(order.quantity)
        if (this.#orders.has(order.client_order_id)) throw new Error('an id was sent twice')
        this.#orders.set(order.client_order_id, { order, lots, filled: 0, phase: 'coming' })
      } else if (one.type === 'execution.order.pending_cancel')
        this.#cancel(one.payload.order.client_order_id)
    }
  }

  /** Orders that are not over, oldest first. */
  get open(): readonly Held[] {
    return [...this.#orders.values()].filter(({ phase }) => phase !== 'over')
  }

  #tell({ order }: Held, what: Told): void {
    const at = this.#clock++
    this.news.push({ client_order_id: order.client_order_id, side: order.side, at, ...what })
  }

  #cancel(id: string): void {
    const held = this.#orders.get(id)
    if (held === undefined || held.phase === 'over')
      this.news.push({ client_order_id: id, report: 'cancel_rejected', code: '-2011' })
    else this.end(held, 'canceled', true)
  }

  accept(held: Held): void {
    if (held.phase !== 'coming') return
    held.phase = 'open'
    this.#tell(held, { report: 'accepted' })
  }

  /** Never was there. */
  lose(held: Held): void {
    if (held.phase !== 'coming') return
    held.phase = 'over'
    this.#tell(held, { report: 'rejected', may_resend: true })
  }

  refuse(held: Held, code: string): void {
    if (held.phase !== 'coming') return
    held.phase = 'over'
    this.#tell(held, { report: 'rejected', code })
  }

  forget(held: Held): void {
    if (held.phase === 'coming') this.#tell(held, { report: 'unknown' })
  }

  trigger(held: Held): void {
    if (held.phase === 'open' && held.order.stop_price !== null)
      this.#tell(held, { report: 'triggering' })
  }

  /** `counted`: whether the venue says how much of it had filled. */
  end(held: Held, report: 'canceled' | 'expired', counted: boolean): void {
    if (held.phase === 'over') return
    held.phase = 'over'
    this.#tell(held, { report, filled_quantity: counted ? quantity(held.filled) : null })
  }

  /** Fills as much of it as there is to fill; nothing that only reduces goes beyond the position. */
  fill(held: Held, most: number): void {
    if (held.phase === 'over') return
    const { side, reduce_only: reduces } = held.order
    const reducible = side === 'SELL' ? this.position : -this.position
    const lots = Math.min(most, held.lots - held.filled, reduces ? Math.max(0, reducible) : most)
    if (lots <= 0) return
    held.filled += lots
    this.#tell(held, {
      report: 'filled',
      filled_quantity: quantity(held.filled),
      fill: this.#fillOf(side, lots),
    })
    if (held.filled === held.lots) held.phase = 'over'
    else held.phase = 'open'
  }

  /** Somebody else makes the position smaller: a liquidation, or a hand at the venue's own screen. */
  reduce(most: number): void {
    const lots = Math.min(most, Math.abs(this.position))
    if (lots === 0) return
    const side = this.position > 0 ? 'SELL' : 'BUY'
    const fill = this.#fillOf(side, lots)
    this.news.push({
      client_order_id: 'autoclose-1',
      side,
      report: 'filled',
      fill,
      at: this.#clock++,
    })
  }

  #fillOf(side: 'BUY' | 'SELL', lots: number): NonNullable<VenueReported['fill']> {
    const id = `${SYMBOL}-${this.fills.length + 1}`
    this.fills.push({ id, side, lots })
    this.position += side === 'BUY' ? lots : -lots
    return {
      fill_id: id,
      quantity: quantity(lots),
      price: '50000',
      fee: '0.01',
      fee_asset: 'USDT',
      liquidity: 'TAKER',
    }
  }
}
