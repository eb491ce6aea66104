import { limitsOf, manifestFingerprint, type TapeManifest } from '@tapedeck/backtest'
import { count, counted, formatPairs, formatTable, utc } from '../terminal/index.ts'

/** Gaps that are printed; all of the manifest's are in the JSON. */
const GAPS_SHOWN = 10

/** What a tape holds, for programs: the command's JSON. */
export const tapeDocument = (folder: string, manifest: TapeManifest) => {
  const { instruments, source, from, to, rows, partial, converter, lanes, gaps, files } = manifest
  return {
    folder,
    fingerprint: manifestFingerprint(manifest),
    converter,
    source,
    instruments,
    from,
    to,
    rows,
    partial,
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    lanes: lanes.map((lane) => {
      const own = files.filter(({ symbol, kind }) => symbol === lane.symbol && kind === lane.kind)
      return Object.assign({ files: own.length }, lane)
    }),
    gaps,
    limits: limitsOf(manifest),
  }
}

export type TapeDocument = ReturnType<typeof tapeDocument>

/** The same for people. */
export const describeTape = (tape: TapeDocument): string => {
  const names = tape.source.files.map(({ name }) => name)
  const shown =
    names.length > 3 ? `${names[0]} … ${names.at(-1)}, ${names.length} files` : names.join(', ')
  const parts = [
    tape.folder,
    formatPairs([
      ['fingerprint', tape.fingerprint],
      ['source', `${tape.source.format}${shown === '' ? '' : `: ${shown}`}`],
      [
        'market',
        tape.instruments
          .map(
            ({ venue, symbol, tick_size: tick, lot_size: lot }) =>
              `${venue} ${symbol} (tick ${tick}, lot ${lot})`,
          )
          .join(', '),
      ],
      ['from', utc(tape.from)],
      ['to', utc(tape.to - 1)],
      ['rows', count(tape.rows)],
      ['size', `${(tape.bytes / 1024 ** 2).toFixed(1)} MiB in ${counted(tape.files, 'file')}`],
    ]),
    formatTable(
      [
        { title: 'symbol' },
        { title: 'kind' },
        { title: 'rows', align: 'right' },
        { title: 'files', align: 'right' },
        { title: 'missing', align: 'right' },
        { title: 'repeated', align: 'right' },
        { title: 'time falls', align: 'right' },
      ],
      tape.lanes.map((lane) => [
        lane.symbol,
        lane.kind,
        count(lane.rows),
        count(lane.files),
        count(lane.missing),
        count(lane.repeated),
        count(lane.fallen),
      ]),
    ),
  ]
  if (tape.gaps.length > 0) parts.push(gapsText(tape))
  const limits = tape.limits.map(({ code, about }) => `  ${code}  ${about}`)
  parts.push(
    limits.length === 0
      ? 'This data lacks nothing that a backtest asks for.'
      : `Limits of this data:\n${limits.join('\n')}`,
  )
  return parts.join('\n\n')
}

const gapsText = ({ gaps, lanes }: TapeDocument): string => {
  const total = lanes.reduce((sum, lane) => sum + lane.gaps, 0)
  const rows = gaps
    .slice(0, GAPS_SHOWN)
    .map(({ symbol, kind, missing, from, to }) => [
      symbol,
      kind,
      utc(from),
      utc(to),
      count(missing),
    ])
  const more = total > rows.length ? `\n… and ${count(total - rows.length)} more` : ''
  return `Gaps:\n${formatTable(
    [
      { title: 'symbol' },
      { title: 'kind' },
      { title: 'after' },
      { title: 'before' },
      { title: 'missing', align: 'right' },
    ],
    rows,
  )}${more}`
}
