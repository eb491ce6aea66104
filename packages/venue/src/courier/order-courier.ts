import type { CourierOptions } from './courier-options.ts'
import type { CarriedOrder, OrderIntent } from './order-intent.ts'

/**
 * Carries committed intents to a venue, and reports what came of them. Nothing is sent twice under one
 * id; what is not known is asked about until it is.
 */
export class OrderCourier {
  readonly #options: CourierOptions

  constructor(options: CourierOptions) {
    this.#options = options
  }

  /** Orders and cancels that were sent or wait, and are not over yet. */
  get inHand(): number {
    return 0
  }

  /**
   * Opens the account stream and asks about every order of ours that is not over by the tape, by its
   * client id, before anything else is done with it.
   */
  start(openOrders: readonly CarriedOrder[]): void {
    void openOrders
  }

  /** Takes an intent that is committed. Returns at once; what comes of it is reported. */
  carry(intent: OrderIntent): void {
    void intent
    void this.#options
  }

  /** Sends nothing more, waits for what is under way, reports it. */
  async stop(): Promise<void> {
    await Promise.resolve()
  }
}
