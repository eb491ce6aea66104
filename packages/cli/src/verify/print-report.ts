import {
  type Difference,
  type MessageRef,
  type RunReport,
  type TypeCount,
  type VerifyReport,
  damageText,
} from '@tapedeck/backtest'
import { MESSAGES, type Message, type MessageType } from '@tapedeck/contracts'
import { type RecordedEvent, tellStory } from '../story/index.ts'
import {
  type Column,
  type Terminal,
  count,
  counted,
  duration,
  formatTable,
  paint,
  printLine,
  rate,
  utc,
} from '../terminal/index.ts'

const DIFFERENCES_SHOWN = 5
const VALUE_MAX = 400

const show = (value: unknown): string => {
  const text = value === undefined ? '(absent)' : JSON.stringify(value)
  return text.length > VALUE_MAX ? `${text.slice(0, VALUE_MAX)}…` : text
}

const refText = ({ type, seq, tape_seq }: MessageRef): string =>
  `${type} seq ${seq}, tape sequence ${tape_seq}`

const sumOf = ({ unchecked }: TypeCount): number =>
  Object.values(unchecked).reduce((sum, one) => sum + one, 0)

const whyText = ({ unchecked }: TypeCount): string =>
  Object.entries(unchecked)
    .map(([reason, n]) => `${reason} ${count(n)}`)
    .join(' · ')

const figureOf = (value: number): string => (value === 0 ? '·' : count(value))

const right = (title: string): Column => ({ title, align: 'right' })

const COLUMNS: readonly Column[] = [
  { title: 'service' },
  { title: 'message' },
  right('equal'),
  right('different'),
  right('missing'),
  right('extra'),
  right('ahead'),
  right('not checked'),
  { title: 'why not' },
]

const tableOf = (run: RunReport): string =>
  formatTable(
    COLUMNS,
    (Object.entries(run.types) as [MessageType, TypeCount][])
      .map(([type, one]) => ({ type, one, service: MESSAGES[type].publisher }))
      .toSorted((a, b) => (a.service + a.type < b.service + b.type ? -1 : 1))
      .map(({ type, one, service }) => [
        service,
        type,
        figureOf(one.equal),
        figureOf(one.different),
        figureOf(one.missing),
        figureOf(one.extra),
        figureOf(one.ahead),
        figureOf(sumOf(one)),
        whyText(one),
      ]),
  )

const printDifference = (terminal: Terminal, difference: Difference): void => {
  const { verdict, service, type, seq, tape_seq, place, path, cause } = difference
  const { out } = terminal
  const where = seq === null ? 'not recorded' : `seq ${seq}, tape sequence ${tape_seq}`
  printLine(
    terminal,
    `\n${paint(out, 'red', verdict)} ${service} ${type} ${where} at ${utc(difference.occurred_at)}`,
  )
  printLine(terminal, `  event       ${difference.event_id}`)
  if (place !== null)
    printLine(
      terminal,
      `  lies        ${place.file} at byte ${place.memberOffset}, line ${place.line}`,
    )
  if (path !== null) printLine(terminal, `  field       ${path}`)
  printLine(terminal, `  recorded    ${show(difference.recorded)}`)
  printLine(terminal, `  recomputed  ${show(difference.recomputed)}`)
  printLine(terminal, `  input       ${cause === null ? 'the run itself' : refText(cause)}`)
}

const printRun = (terminal: Terminal, run: RunReport): void => {
  const span = run.from === null || run.to === null ? '' : `, ${utc(run.from)} to ${utc(run.to)}`
  printLine(terminal, `Run ${run.run_id}: ${counted(run.messages, 'message')}${span}\n`)
  printLine(terminal, tableOf(run))
  if (!run.ended)
    printLine(
      terminal,
      `\nThe run is not over at tape sequence ${run.last_tape_seq}. Whether more was recorded cannot be seen from files.`,
    )
  for (const { service, what, recorded, here } of run.producers)
    printLine(
      terminal,
      `${service}: recorded by ${what.replace('_', ' ')} ${recorded}, this is ${here}; compared all the same.`,
    )
  for (const { service, error, cause } of run.failures)
    printLine(terminal, `\n${service} cannot handle ${refText(cause)}: ${error}`)
  for (const one of run.differences.slice(0, DIFFERENCES_SHOWN)) printDifference(terminal, one)
  const more = run.differences_total - DIFFERENCES_SHOWN
  if (more > 0) printLine(terminal, `\n… and ${counted(more, 'more difference')}; --json has them.`)
  for (const one of run.damage)
    printLine(terminal, `\n${paint(terminal.out, 'red', 'damage')} ${damageText(one)}`)
  printLine(terminal, '')
}

/** What was asked for by an id: how each message compares, from which input, and the story as computed now. */
const printAsked = (terminal: Terminal, run: RunReport): void => {
  if (run.asked.length === 0) return
  const rows = run.asked.map(({ verdict, tape_seq, message, cause }) => [
    verdict,
    String(tape_seq),
    (message as Message).type,
    cause === null ? '' : refText(cause),
  ])
  printLine(
    terminal,
    formatTable(
      [
        { title: 'verdict' },
        { title: 'tape seq', align: 'right' },
        { title: 'message' },
        { title: 'computed from' },
      ],
      rows,
    ),
  )
  const events = run.asked.map(({ recomputed, message, tape_seq }) => ({
    ...((recomputed ?? message) as Message),
    tape_seq,
  })) as RecordedEvent[]
  printLine(terminal, '')
  tellStory(terminal, { from: 'what was computed now', events })
  printLine(terminal, '')
}

const CONCLUSIONS = {
  equal: 'Everything that could be computed again is equal.',
  different: 'What was recorded is not what this code computes.',
  damaged: 'The archive is damaged. What could be compared before the damage is equal.',
} as const

export const printReport = (terminal: Terminal, report: VerifyReport, elapsedMs: number): void => {
  for (const run of report.runs) {
    printAsked(terminal, run)
    printRun(terminal, run)
  }
  printLine(terminal, CONCLUSIONS[report.verdict])
  const perSecond = rate((report.messages / Math.max(1, elapsedMs)) * 1_000)
  printLine(
    terminal,
    `${counted(report.messages, 'message')} in ${duration(elapsedMs)}, ${perSecond} messages/s.`,
  )
}
