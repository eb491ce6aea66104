import { openTape } from '@tapedeck/backtest'
import { EXIT } from '../exit-codes.ts'
import { printLine, type Terminal } from '../terminal/index.ts'
import { describeTape, tapeDocument } from './describe-tape.ts'

export interface InfoCommand {
  readonly folder: string
  readonly json: boolean
}

/** Says what a tape holds. Throws NOT_FOUND, TAPE_FILE_INVALID. */
export const runInfo = async (
  terminal: Terminal,
  { folder, json }: InfoCommand,
): Promise<number> => {
  const { manifest } = await openTape(folder)
  const document = tapeDocument(folder, manifest)
  printLine(terminal, json ? JSON.stringify(document) : describeTape(document))
  return EXIT.OK
}
