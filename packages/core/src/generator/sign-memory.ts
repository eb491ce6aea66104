/** Over how many orders each memory reaches, and how much of the next side it decides. */
const MEMORIES: readonly { readonly orders: number; readonly weight: number }[] = [
  { orders: 2, weight: 0.22 },
  { orders: 10, weight: 0.18 },
  { orders: 50, weight: 0.03 },
  { orders: 250, weight: 0.015 },
  { orders: 1250, weight: 0.01 },
]

/**
 * The long memory of order flow: big intentions are cut into many orders, so sides persist over thousands
 * of them (Lillo and Farmer, 2004). A mixture of memories whose lengths grow geometrically comes near their
 * power law; the chance of the next side is linear in it (Taranto and others, 2018), so whoever has seen the
 * prints knows it.
 */
export class SignMemory {
  readonly #memories = MEMORIES.map(() => 0)

  /** Expected side of the next order, -1 to 1. */
  get expected(): number {
    let sum = 0
    for (let i = 0; i < MEMORIES.length; i++) sum += MEMORIES[i]!.weight * this.#memories[i]!
    return sum
  }

  push(sign: 1 | -1): void {
    for (let i = 0; i < MEMORIES.length; i++)
      this.#memories[i]! += (sign - this.#memories[i]!) / MEMORIES[i]!.orders
  }
}
