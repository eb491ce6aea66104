import { verifyTape, type TapeCheck, type TapeProblem } from '@tapedeck/backtest'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import {
  StatusLine,
  count,
  counted,
  paint,
  printLine,
  say,
  type Terminal,
} from '../terminal/index.ts'

export interface CheckCommand {
  readonly folder: string
  readonly json: boolean
}

const MIB = 1024 ** 2
/** Problems that are printed; all of them are in the JSON. */
const PROBLEMS_SHOWN = 20

const placeOf = ({ file, batch, row, from_byte: from, to_byte: to }: TapeProblem): string =>
  [
    file,
    batch === null ? '' : ` batch ${batch}`,
    row === null ? '' : ` row ${row}`,
    from === null ? '' : ` bytes ${from}-${to}`,
  ].join('')

/** Reads all of a tape. Exit code 3 when anything is not as it was written. Throws NOT_FOUND. */
export const runCheck = async (
  terminal: Terminal,
  { folder, json }: CheckCommand,
): Promise<number> => {
  const line = new StatusLine({ terminal, now: () => performance.now() })
  const stop = catchStopSignals(() => line.show('Stopping…'))
  let bytes = 0
  let check: TapeCheck
  try {
    check = await verifyTape(folder, {
      signal: stop.signal,
      onProgress: (more) => {
        bytes += more
        line.show(`Checking · ${count(bytes / MIB)} MiB`)
      },
    })
  } catch (error) {
    const code = stop.exitCode()
    if (code === null || !stop.caused(error)) throw error
    return code
  } finally {
    line.clear()
    stop.release()
  }
  const { problems } = check
  if (json) printLine(terminal, JSON.stringify({ folder, ...check }))
  else {
    for (const one of problems.slice(0, PROBLEMS_SHOWN))
      printLine(terminal, `${placeOf(one)}: ${one.problem}`)
    if (problems.length > PROBLEMS_SHOWN)
      printLine(terminal, `… and ${count(problems.length - PROBLEMS_SHOWN)} more`)
    if (problems.length === 0)
      printLine(
        terminal,
        `whole: ${counted(check.rows, 'row')} in ${counted(check.files, 'file')}, fingerprint ${check.fingerprint}`,
      )
  }
  if (problems.length === 0) return EXIT.OK
  const mark = paint(terminal.err, 'red', 'error:')
  say(terminal, `${mark} ${counted(problems.length, 'problem')}. Convert the source again.`)
  return EXIT.CHECK_FAILED
}
