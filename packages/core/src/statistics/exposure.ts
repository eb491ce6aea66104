type Span = { readonly entered_at: number; readonly exited_at: number }

/** Time with at least one open trade, within [from, to]: overlaps count once. */
export const timeInMarket = (trades: readonly Span[], from: number, to: number): number => {
  const spans = trades
    .map(
      ({ entered_at, exited_at }) => [Math.max(from, entered_at), Math.min(to, exited_at)] as const,
    )
    .filter(([start, end]) => end > start)
    .toSorted(([a], [b]) => a - b)
  let total = 0
  let reached = from
  for (const [start, end] of spans) {
    if (end <= reached) continue
    total += end - Math.max(start, reached)
    reached = end
  }
  return total
}
