/** A tape sequence at which something is done to the stack. */
export interface Moment {
  readonly seq: number
  /** The type of the message that lay there in the undisturbed run. */
  readonly type: string
}

const IN_A_TRADE = /^(setup\.signal|risk\.signal|execution\.(order|trade)|journal\.|analyst\.)/

/**
 * Moments of an undisturbed run to strike at, seeded: every other one is a step of an order, where most
 * can go wrong; the rest are anywhere.
 */
export const chosenMoments = (
  tape: readonly Moment[],
  count: number,
  random: () => number,
): Moment[] => {
  const trading = tape.filter(({ type }) => IN_A_TRADE.test(type))
  const pick = (from: readonly Moment[]): Moment => from[Math.floor(random() * from.length)]!
  return Array.from({ length: count }, (_, i) =>
    pick(i % 2 === 0 && trading.length > 0 ? trading : tape),
  ).toSorted((a, b) => a.seq - b.seq)
}
