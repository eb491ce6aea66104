import { statSync } from 'node:fs'
import { type DecisionsReport, verifyDecisions } from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'
import { EXIT } from '../exit-codes.ts'
import { type Terminal, count, counted, formatTable, printLine, utc } from '../terminal/index.ts'

const EXIT_OF = { equal: EXIT.OK, different: EXIT.FAILED, damaged: EXIT.CHECK_FAILED } as const
const SHOWN = 5

const CONCLUSIONS = {
  equal: 'Every decision follows from its own inputs.',
  different: 'Decisions do not follow from the inputs that they name.',
  damaged: 'Lines are no decisions. All others follow from their own inputs.',
} as const

const print = (terminal: Terminal, report: DecisionsReport): void => {
  printLine(
    terminal,
    formatTable(
      [
        { title: 'decision' },
        { title: 'equal', align: 'right' },
        { title: 'different', align: 'right' },
      ],
      Object.entries(report.types).map(([type, one]) => [
        type,
        count(one.equal),
        count(one.different),
      ]),
    ),
  )
  for (const { line, event_type, symbol, occurred_at, fields } of report.differences.slice(
    0,
    SHOWN,
  )) {
    printLine(terminal, `\nline ${line}: ${event_type} ${symbol ?? ''} at ${utc(occurred_at)}`)
    for (const { field, recorded, recomputed } of fields)
      printLine(
        terminal,
        `  ${field}: recorded ${JSON.stringify(recorded)}, recomputed ${JSON.stringify(recomputed)}`,
      )
  }
  for (const { line, what } of report.unreadable.slice(0, SHOWN))
    printLine(terminal, `\nline ${line}: ${what}`)
  printLine(terminal, `\n${counted(report.decisions, 'decision')}. ${CONCLUSIONS[report.verdict]}`)
}

const assertFile = (file: string): void => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found === undefined)
    throw new TapedeckError('NOT_FOUND', `there is no file ${file}`, {
      hint: 'Name the file that tapedeck backtest --messages wrote.',
    })
  if (found.isDirectory())
    throw new TapedeckError(
      'VALIDATION_FAILED',
      `--decisions ${file}: is a folder, expected a file`,
      {
        hint: 'Name the file in it that tapedeck backtest --messages wrote.',
      },
    )
}

/**
 * Recomputes decisions of a file from their own inputs. 0 equal, 1 different, 3 lines that are no decisions, or none at
 * all: nothing would have been proven.
 */
export const runVerifyDecisions = async (
  terminal: Terminal,
  { file, json }: { readonly file: string; readonly json: boolean },
): Promise<number> => {
  assertFile(file)
  const report = await verifyDecisions(file)
  if (report.decisions === 0 && report.unreadable_total === 0)
    throw new TapedeckError('RECORDING_INVALID', `${file} is empty, expected decisions`, {
      hint: 'Name the file that tapedeck backtest --messages wrote.',
    })
  if (json) printLine(terminal, JSON.stringify(report))
  else print(terminal, report)
  return EXIT_OF[report.verdict]
}
