import type { Direction, TurtleSystem } from './formulas.ts'

/** One unit of a position. Prices in the quote asset. */
export type TurtleUnit = {
  readonly level: number
  /** Average price of what filled so far. */
  readonly entry_price: number
  readonly entry_at: number
  readonly lots: number
  readonly n_at_entry: number
}

/** A position in one market, from its first fill to the last. JSON. */
export type TurtlePosition = {
  readonly direction: Direction
  readonly system: TurtleSystem
  readonly units: readonly TurtleUnit[]
  readonly stop: number | null
  readonly commission: number
  /** What has been closed already. */
  readonly exitLots: number
  readonly exitValue: number
  readonly exitFees: number
  readonly exitReason: ExitReason | null
}

export type ExitReason = 'stop_hit' | 'breakout_exit' | 'end_of_data'

/** An order on its way: which unit it is, and what N was when it was decided. */
export type PendingUnit = {
  readonly id: string
  readonly level: number
  readonly direction: Direction
  readonly system: TurtleSystem
  readonly n: number
}

export const lotsOf = ({ units }: TurtlePosition): number =>
  units.reduce((sum, unit) => sum + unit.lots, 0)

export const averageEntryOf = (position: TurtlePosition): number =>
  position.units.reduce((sum, unit) => sum + unit.entry_price * unit.lots, 0) / lotsOf(position)

/** The position after `lots` of a unit filled at `price`. */
export const withFill = (
  position: TurtlePosition | null,
  pending: PendingUnit,
  fill: {
    readonly at: number
    readonly price: number
    readonly lots: number
    readonly fee: number
  },
): TurtlePosition => {
  const before = position ?? {
    direction: pending.direction,
    system: pending.system,
    units: [],
    stop: null,
    commission: 0,
    exitLots: 0,
    exitValue: 0,
    exitFees: 0,
    exitReason: null,
  }
  const known = before.units.find(({ level }) => level === pending.level)
  const lots = (known?.lots ?? 0) + fill.lots
  const paid = (known === undefined ? 0 : known.entry_price * known.lots) + fill.price * fill.lots
  const unit: TurtleUnit = {
    level: pending.level,
    entry_price: known === undefined ? fill.price : paid / lots,
    entry_at: known?.entry_at ?? fill.at,
    lots,
    n_at_entry: pending.n,
  }
  const units = [...before.units.filter(({ level }) => level !== pending.level), unit]
  return { ...before, units, commission: before.commission + fill.fee }
}
