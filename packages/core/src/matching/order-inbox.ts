import type { OrderTicket } from './venue-event.ts'

/** What is on its way to the venue. */
export type Instruction =
  | { readonly kind: 'submit'; readonly at: number; readonly ticket: OrderTicket }
  | { readonly kind: 'cancel'; readonly at: number; readonly clientOrderId: string }

/** Orders and cancels between us and the venue, by arrival; those of one moment as they were sent. */
export class OrderInbox {
  readonly #instructions: Instruction[]

  constructor(instructions: readonly Instruction[] = []) {
    this.#instructions = [...instructions]
  }

  get isEmpty(): boolean {
    return this.#instructions.length === 0
  }

  /** True when an order of this id is on its way. */
  holds(clientOrderId: string): boolean {
    return this.#instructions.some(
      (one) => one.kind === 'submit' && one.ticket.clientOrderId === clientOrderId,
    )
  }

  send(instruction: Instruction): void {
    let place = this.#instructions.length
    while (place > 0 && this.#instructions[place - 1]!.at > instruction.at) place--
    this.#instructions.splice(place, 0, instruction)
  }

  /** Takes out the earliest that has arrived by `time`; null when there is none. */
  takeArrived(time: number): Instruction | null {
    const [next] = this.#instructions
    if (next === undefined || next.at > time) return null
    this.#instructions.shift()
    return next
  }

  snapshot(): Instruction[] {
    return this.#instructions
  }
}
