import type { SessionFacts, SignalFacts } from './session-facts.ts'

export type Match = {
  readonly matched: 'signal' | 'nearest' | 'none'
  readonly recorded: SignalFacts | undefined
  readonly backtest: SignalFacts | undefined
}

/** Signals of one symbol and side further apart than this are not the same idea. */
const NEAREST_MS_MAX = 60_000

const traded = (facts: SignalFacts | undefined): boolean => (facts?.trade?.entries.length ?? 0) > 0

const isLike = (a: SignalFacts, b: SignalFacts): boolean =>
  a.signal.venue === b.signal.venue &&
  a.signal.symbol === b.signal.symbol &&
  a.signal.side === b.signal.side &&
  Math.abs(a.signal.at - b.signal.at) <= NEAREST_MS_MAX

/**
 * Every signal that at least one side traded, with the other side's: by id (an id says instrument,
 * strategy, side and time), then by symbol, side and the nearest time. In order of time.
 */
export const matchSignals = (recorded: SessionFacts, backtest: SessionFacts): Match[] => {
  const ids = new Set([...recorded.signals.keys(), ...backtest.signals.keys()])
  const matches: Match[] = []
  const left: { recorded: SignalFacts[]; backtest: SignalFacts[] } = { recorded: [], backtest: [] }
  for (const id of ids) {
    const pair = { recorded: recorded.signals.get(id), backtest: backtest.signals.get(id) }
    if (!traded(pair.recorded) && !traded(pair.backtest)) {
      // Not traded, and not of the other side: may be what a trade there has to be held against.
      if (pair.backtest === undefined) left.recorded.push(pair.recorded!)
      if (pair.recorded === undefined) left.backtest.push(pair.backtest!)
    } else if (pair.recorded === undefined) left.backtest.push(pair.backtest!)
    else if (pair.backtest === undefined) left.recorded.push(pair.recorded)
    else matches.push({ matched: 'signal', ...pair })
  }
  for (const one of left.recorded) {
    const near = left.backtest
      .filter((other) => isLike(one, other) && (traded(one) || traded(other)))
      .toSorted(
        (a, b) => Math.abs(a.signal.at - one.signal.at) - Math.abs(b.signal.at - one.signal.at),
      )[0]
    if (near !== undefined) {
      left.backtest.splice(left.backtest.indexOf(near), 1)
      matches.push({ matched: 'nearest', recorded: one, backtest: near })
    } else if (traded(one)) matches.push({ matched: 'none', recorded: one, backtest: undefined })
  }
  for (const one of left.backtest)
    if (traded(one)) matches.push({ matched: 'none', recorded: undefined, backtest: one })
  return matches.toSorted((a, b) => timeOf(a) - timeOf(b))
}

export const timeOf = ({ recorded, backtest }: Match): number => (recorded ?? backtest)!.signal.at
