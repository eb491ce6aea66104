import type { BarSeries } from './bar-series.ts'
import type { DataLimit } from '../result/backtest-result.ts'

/** What no bar can show (S3 §12.1). */
const OF_BARS: readonly DataLimit[] = [
  {
    code: 'NO_ORDER_FLOW',
    about:
      'bars hold no prints: delta, footprint, absorption and trapped traders cannot be seen, and no order-flow rule was asked',
  },
  {
    code: 'INTRABAR_PATH_ASSUMED',
    about:
      'the order of prices inside a bar is unknown: the path goes from the open to the adverse extreme, the other extreme and the close, so a bar that touches stop and target is a loss',
  },
  {
    code: 'NO_BOOK',
    about:
      'no book: queue position, spread and depth are unknown; a limit needs a price through it, a market order slips by a fixed percent',
  },
  {
    code: 'VOLUME_BOUND_IS_THE_BAR',
    about:
      'an order takes at most the share of the volume of its bar that was allowed; when in the bar that volume traded is unknown',
  },
  {
    code: 'NO_FUNDING',
    about: 'bars do not say funding rates: positions in perpetuals pay and receive none',
  },
]

const FORESEEN: DataLimit = {
  code: 'LOOKAHEAD_SERIES',
  about:
    'a series is shown at the open of its bars: the strategy sees ranges that lie in the future. For reproducing published results only',
}
const MID_PATH: DataLimit = {
  code: 'MID_PRICE_FILLS',
  about:
    'every order fills halfway between open and close of the next bar: nobody could have traded there',
}

/** Everything that a result on these bars cannot be trusted for. */
export const limitsOf = (
  series: readonly BarSeries[],
  path: 'ohlc' | 'mid',
): readonly DataLimit[] => [
  ...OF_BARS,
  ...(series.some(({ shown }) => shown === 'open') ? [FORESEEN] : []),
  ...(path === 'mid' ? [MID_PATH] : []),
]
