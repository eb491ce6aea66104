/**
 * Prints of one symbol in columns. Row `i` of every column belongs together; columns may be longer than
 * `count` and are used again: copy what is needed after the next were asked for.
 */
export type TradeColumns = {
  readonly count: number
  readonly id: Float64Array
  readonly priceTicks: Float64Array
  readonly quantityLots: Float64Array
  /** Event time in ms. */
  readonly time: Float64Array
  /** 1 when the buyer was the maker: an aggressive sell. */
  readonly maker: Uint8Array
}
