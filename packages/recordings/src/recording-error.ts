import { basename } from 'node:path'
import { TapedeckError, hasCode } from '@tapedeck/contracts'

/** A place in a recording: file, and line counted from 1 where there are lines. */
export type Place = { readonly file: string; readonly line?: number }

/** Says what is wrong with a recording, where, and what was expected. */
export const recordingInvalid = (
  place: Place,
  problem: string,
  details: Record<string, unknown> = {},
  cause?: unknown,
): TapedeckError => {
  const where = place.line === undefined ? '' : ` line ${place.line}`
  return new TapedeckError('RECORDING_INVALID', `${basename(place.file)}${where}: ${problem}`, {
    details: {
      file: place.file,
      ...(place.line === undefined ? {} : { line: place.line }),
      ...details,
    },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** An error of any realm; `instanceof` lies across them. */
export const isError = (error: unknown): error is Error =>
  typeof error === 'object' && error !== null && typeof (error as Error).message === 'string'

/** Adds the place to a problem with a field. Anything else that was thrown is a defect and passes. */
export const located = (error: unknown, place: Place): Error => {
  if (hasCode(error, 'RECORDING_INVALID') && error.details['file'] === undefined)
    return recordingInvalid(place, error.message, { ...error.details })
  return isError(error) ? error : new Error(String(error))
}
