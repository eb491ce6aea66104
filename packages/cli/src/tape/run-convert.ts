import { convertTape, type Converted } from '@tapedeck/backtest'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import { StatusLine, count, paint, printLine, rate, say, type Terminal } from '../terminal/index.ts'
import { version } from '../version.ts'
import { describeTape, tapeDocument } from './describe-tape.ts'
import { findSource, type SourceCommand } from './find-source.ts'

export interface ConvertCommand extends SourceCommand {
  readonly output: string
  readonly force: boolean
  readonly keepPartial: boolean
  readonly json: boolean
}

/** Makes a tape. Throws what `convertTape` does; a signal gives its exit code and leaves nothing behind. */
export const runConvert = async (terminal: Terminal, command: ConvertCommand): Promise<number> => {
  const source = await findSource(command)
  const line = new StatusLine({ terminal, now: () => performance.now() })
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1_000
  const stop = catchStopSignals(() => line.show('Stopping…'))
  let converted: Converted
  try {
    converted = await convertTape(source, {
      output: command.output,
      force: command.force,
      keepPartial: command.keepPartial,
      converter: `tapedeck ${version}`,
      signal: stop.signal,
      onProgress: (rows) => {
        const speed = seconds() > 0.5 ? ` · ${rate(rows / seconds())} rows/s` : ''
        line.show(`Converting ${source.format} · ${count(rows)} rows${speed}`)
      },
    })
  } catch (error) {
    const code = stop.exitCode()
    if (code === null || !stop.caused(error)) throw error
    line.clear()
    say(terminal, 'Stopped. Nothing was kept.')
    return code
  } finally {
    line.clear()
    stop.release()
  }
  const { manifest, damage } = converted
  const document = tapeDocument(command.output, manifest)
  if (command.json) printLine(terminal, JSON.stringify({ ...document, seconds: seconds() }))
  else {
    printLine(terminal, describeTape(document))
    say(
      terminal,
      `Converted in ${seconds().toFixed(1)} s, ${rate(manifest.rows / seconds())} rows/s.`,
    )
  }
  if (damage === null) return EXIT.OK
  const mark = paint(terminal.err, 'red', 'error:')
  say(terminal, `${mark} the source is damaged: ${damage.message}. What comes before was kept.`)
  return EXIT.CHECK_FAILED
}
