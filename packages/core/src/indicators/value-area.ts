/** A bin of a profile: its number (floor of ticks / bin width) and what traded there. */
export type ProfileBin = { readonly bin: number; readonly lots: number }

export type ValueArea = {
  readonly pocBin: number
  readonly highBin: number
  readonly lowBin: number
  readonly volumeLots: number
}

/** Index of the largest bin; ties: nearer the midpoint of the range, then the lower one. */
const pocIndex = (bins: readonly ProfileBin[]): number => {
  const middle = (bins[0]!.bin + bins.at(-1)!.bin) / 2
  let best = 0
  for (let i = 1; i < bins.length; i++) {
    const { bin, lots } = bins[i]!
    const held = bins[best]!
    const nearer = Math.abs(bin - middle) < Math.abs(held.bin - middle)
    if (lots > held.lots || (lots === held.lots && nearer)) best = i
  }
  return best
}

/**
 * Point of control and value area of `bins`, which are sorted by rising number and hold volume.
 *
 * The area grows from the POC one bin at a time toward the larger neighbor (tie: up) until it holds
 * `fraction` of the volume. A price where nothing traded is no bin, so it does not stop the growth.
 * Null without bins.
 */
export const valueArea = (bins: readonly ProfileBin[], fraction: number): ValueArea | null => {
  if (bins.length === 0) return null
  let total = 0
  for (const { lots } of bins) total += lots
  const poc = pocIndex(bins)
  let low = poc
  let high = poc
  let inside = bins[poc]!.lots
  while (inside < total * fraction && (low > 0 || high < bins.length - 1)) {
    const above = bins[high + 1]?.lots ?? -1
    const below = bins[low - 1]?.lots ?? -1
    if (above >= below) high++
    else low--
    inside += Math.max(above, below)
  }
  return {
    pocBin: bins[poc]!.bin,
    highBin: bins[high]!.bin,
    lowBin: bins[low]!.bin,
    volumeLots: total,
  }
}
