import type { DataLimit } from '../result/backtest-result.ts'
import type { FileKind } from './tape-layout.ts'
import type { TapeManifest } from './tape-manifest.ts'

const list = (symbols: readonly string[]): string => symbols.join(', ')

/** What is said of symbols that lack a kind of data. */
const LACKING: readonly {
  readonly code: string
  readonly lacks: (has: (kind: FileKind) => boolean, bars: boolean) => boolean
  readonly about: string
}[] = [
  {
    code: 'NO_ORDER_FLOW',
    lacks: (has, bars) => bars && !has('trades'),
    about:
      'bars hold no prints: delta by print, footprint, absorption and trapped traders cannot be seen',
  },
  {
    code: 'NO_TRADES',
    lacks: (has, bars) => !bars && !has('trades'),
    about: 'there are no prints, so there is no order flow',
  },
  {
    code: 'NO_BOOK',
    lacks: (has) => !has('depth'),
    about:
      'there is no order book: queue position, spread and resting liquidity are unknown, limits fill only when a print goes through them, volume walls come from the session profile',
  },
  {
    code: 'ABSORPTION_APPROXIMATE',
    lacks: (has) => has('trades') && !has('depth'),
    about:
      'absorption is judged by prints alone (much volume, little movement): whether somebody rested there is not seen',
  },
  {
    code: 'NO_FUNDING',
    lacks: (has) => !has('marks'),
    about: 'there are no marks: funding is neither charged nor does it filter entries',
  },
]

/**
 * What the data of a tape cannot show, in words for people (S3 §12.1): printed by `tape info` and with every
 * result. Only what applies.
 */
export const limitsOf = ({ instruments, files, lanes, partial }: TapeManifest): DataLimit[] => {
  const limits: DataLimit[] = []
  const kinds = new Map(
    instruments.map(({ symbol }) => [
      symbol,
      new Set(files.filter((file) => file.symbol === symbol).map(({ kind }) => kind)),
    ]),
  )
  for (const { code, lacks, about } of LACKING) {
    const symbols = [...kinds].flatMap(([symbol, held]) => {
      const bars = [...held].some((kind) => kind.startsWith('bars-'))
      return lacks((kind) => held.has(kind), bars) ? [symbol] : []
    })
    if (symbols.length > 0) limits.push({ code, about: `${list(symbols)}: ${about}` })
  }
  for (const { symbol, kind, missing, gaps } of lanes)
    if (missing > 0)
      limits.push({
        code: 'GAPS',
        about: `${symbol} ${kind}: ${missing} ${kind === 'trades' ? 'ids' : 'bars'} are missing in ${gaps} ${gaps === 1 ? 'hole' : 'holes'}; measures that touch one are tainted, and tainted setups are graded down`,
      })
  for (const { symbol, kind, fallen, fallen_max: most } of lanes)
    if (fallen > 0)
      limits.push({
        code: 'TIME_FALLS',
        about: `${symbol} ${kind}: the time of ${fallen} rows lies before an earlier row's, by up to ${most} ms; such prints are lifted to the time reached`,
      })
  if (partial !== null)
    limits.push({ code: 'PARTIAL', about: `the source was not read to its end: ${partial}` })
  return limits
}
