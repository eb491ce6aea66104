import {
  planWindows,
  renderWalkForward,
  runOptimize,
  runWalkForward,
  type OptimizeResult,
  type TrialFarm,
  type WalkForwardResult,
  type WindowRules,
} from '@tapedeck/backtest'
import { TapedeckError } from '@tapedeck/contracts'
import { EXIT } from '../exit-codes.ts'
import { catchStopSignals } from '../stop-signals.ts'
import { printLine, say, type Terminal } from '../terminal/index.ts'
import { openSearch, type OpenSearch, type SearchOptions } from './open-search.ts'
import { printOptimize, printWalkForward } from './print-result.ts'
import { SearchProgress } from './show-progress.ts'
import { withFarm, type FarmSettings } from './with-farm.ts'
import { assertFree, writeWhole } from './write-result.ts'

export interface SearchCommand extends SearchOptions, Omit<FarmSettings, 'say'> {
  readonly out: string | undefined
  readonly force: boolean
  readonly json: boolean
}

/** What the two commands do not share. */
type Kind<R> = {
  readonly name: string
  readonly total: (search: OpenSearch) => number
  readonly find: (search: OpenSearch, farm: TrialFarm, progress: SearchProgress) => Promise<R>
  readonly print: (terminal: Terminal, result: R) => void
  /** A page of it; null where there is none. */
  readonly page: ((result: R) => string) | null
  readonly isFound: (result: R) => boolean
}

const search = async <R>(
  terminal: Terminal,
  command: SearchCommand,
  kind: Kind<R>,
): Promise<number> => {
  const file = `${kind.name}.json`
  const pageFile = `${kind.name}.html`
  const files = kind.page === null ? [file] : [file, pageFile]
  if (command.out !== undefined) assertFree(command.out, files, command.force)
  if (command.workers === 0 && command.nats === undefined) {
    throw new TapedeckError('VALIDATION_FAILED', 'there would be no worker: --workers is 0', {
      hint: 'Give --nats for a queue that others work for, or let some work here.',
    })
  }
  const opened = await openSearch(command)
  const total = kind.total(opened)
  if (opened.damage !== null) say(terminal, `The data ends early: ${opened.damage}`)
  const stop = catchStopSignals(() => say(terminal, 'Stopping…'))
  let progress: SearchProgress | null = null
  try {
    const settings = {
      ...command,
      say: (text: string) => progress?.log(text) ?? say(terminal, text),
    }
    const result = await withFarm(opened, settings, stop, async (farm) => {
      progress = new SearchProgress(terminal, total, () => farm.counts())
      const found = await kind.find(opened, farm, progress)
      progress.end()
      say(terminal, progress.summary())
      return found
    })
    endProgress(progress)
    const text = `${JSON.stringify(result, null, 1)}\n`
    if (command.out !== undefined) {
      say(terminal, `Wrote ${writeWhole(command.out, file, text)}`)
      if (kind.page !== null) {
        say(terminal, `Wrote ${writeWhole(command.out, pageFile, kind.page(result))}`)
      }
    }
    if (command.json) printLine(terminal, text.trimEnd())
    else kind.print(terminal, result)
    return kind.isFound(result) ? EXIT.OK : EXIT.CHECK_FAILED
  } catch (error) {
    endProgress(progress)
    if (!stop.caused(error)) throw error
    say(terminal, 'Stopped. Start the same command again to go on: finished trials are kept.')
    return stop.exitCode() ?? EXIT.SIGINT
  } finally {
    stop.release()
  }
}

const endProgress = (progress: SearchProgress | null): void => progress?.end()

/** Tries parameters over one range. */
export const runOptimizeCommand = async (
  terminal: Terminal,
  command: SearchCommand,
): Promise<number> =>
  await search<OptimizeResult>(terminal, command, {
    name: 'optimize',
    total: ({ points }) => points.length,
    find: async (opened, farm, progress) =>
      await runOptimize({ ...opened, run: farm.run, onTrial: (row) => progress.onTrial(row) }),
    print: printOptimize,
    page: null,
    isFound: ({ best }) => best !== null,
  })

/** Walks parameters forward through windows. */
export const runWalkForwardCommand = async (
  terminal: Terminal,
  command: SearchCommand & { readonly windows: WindowRules },
): Promise<number> => {
  const plan = ({ range }: OpenSearch) => planWindows(range, command.windows)
  return await search<WalkForwardResult>(terminal, command, {
    name: 'walk-forward',
    total: (opened) => (opened.points.length + 1) * plan(opened).length,
    find: async (opened, farm, progress) =>
      await runWalkForward({
        ...opened,
        windows: plan(opened),
        run: farm.run,
        onTrial: (row) => progress.onTrial(row),
      }),
    print: printWalkForward,
    page: renderWalkForward,
    isFound: ({ out_of_sample: found }) => found !== null,
  })
}
