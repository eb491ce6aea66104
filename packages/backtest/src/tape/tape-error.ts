import { TapedeckError } from '@tapedeck/contracts'

/** A place in a tape folder: file relative to the folder, batch and rows counted from 0, bytes half open. */
export type TapePlace = {
  readonly file: string
  readonly batch?: number
  readonly row?: number
  readonly bytes?: readonly [from: number, to: number]
}

const placeText = ({ file, batch, row, bytes }: TapePlace): string =>
  [
    file,
    batch === undefined ? '' : ` batch ${batch}`,
    row === undefined ? '' : ` row ${row}`,
    bytes === undefined ? '' : ` (bytes ${bytes[0]} to ${bytes[1] - 1})`,
  ].join('')

/** Says what is wrong with a tape folder, where, and what was expected. */
export const tapeInvalid = (
  place: TapePlace,
  problem: string,
  details: Record<string, unknown> = {},
  cause?: unknown,
): TapedeckError =>
  new TapedeckError('TAPE_FILE_INVALID', `${placeText(place)}: ${problem}`, {
    details: { ...place, problem, ...details },
    ...(cause === undefined ? {} : { cause }),
  })

/** Turns what the system says of a full disk into DISK_FULL; anything else passes. */
export const ofDisk = (error: unknown, output: string): unknown => {
  const code = (error as NodeJS.ErrnoException | null)?.code
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new TapedeckError('DISK_FULL', `no space left for the tape ${output}`, {
        cause: error,
        hint: 'Free space, or name an --output on another disk, and convert again.',
      })
    : error
}
