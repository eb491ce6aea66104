import { statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import {
  archiveSource,
  listArchiveRuns,
  recordingSource,
  type ArchiveRun,
  type TapeSource,
} from '@tapedeck/backtest'
import { TapedeckError, instrumentsOf } from '@tapedeck/contracts'
import { loadTradingConfig } from '@tapedeck/runtime'
import { recordingPaths } from '../playback/recording-files.ts'

export interface SourceCommand {
  readonly files: readonly string[]
  readonly symbol: string | undefined
  readonly venue: string | undefined
  readonly configPath: string
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

/** The run that a folder is, or the only one in it. */
const runIn = (folder: string): ArchiveRun => {
  const itself = listArchiveRuns(dirname(folder)).find((run) => run.folder === folder)
  if (itself !== undefined) return itself
  const [first, ...others] = listArchiveRuns(folder)
  if (first === undefined)
    throw new TapedeckError('NOT_FOUND', `${folder} holds no archived run`, {
      hint: 'Name files, or the folder of a run: archive/<run id> in the data folder.',
    })
  if (others.length === 0) return first
  const runs = [first, ...others].map(({ runId }) => runId)
  throw new TapedeckError(
    'NOT_FOUND',
    `${folder} holds ${runs.length} runs, expected one to be named`,
    {
      hint: `Name one of ${runs.map((id) => `${basename(folder)}/${id}`).join(', ')}`,
    },
  )
}

/** What is to be converted. Throws NOT_FOUND, RECORDING_INVALID, SYMBOL_UNKNOWN, CONFIG_INVALID. */
export const findSource = async (command: SourceCommand): Promise<TapeSource> => {
  const paths = recordingPaths(command.files)
  const folder = paths.find(isFolder)
  if (folder !== undefined) {
    if (paths.length > 1)
      throw new TapedeckError(
        'NOT_FOUND',
        `${folder} is a folder, expected files, or one folder alone`,
        {
          hint: 'A tape is made of files of one session, or of one archived run.',
        },
      )
    return await archiveSource(runIn(folder))
  }
  const { symbol, venue } = command
  return await recordingSource({
    files: paths,
    instruments: instrumentsOf(loadTradingConfig(command.configPath)),
    ...(symbol === undefined ? {} : { symbol }),
    ...(venue === undefined ? {} : { venue }),
  })
}
