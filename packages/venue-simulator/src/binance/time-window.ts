import { API_ERRORS } from './api-error.ts'
import type { Call } from './route.ts'

export type TimeWindow = { readonly start: number; readonly end: number }

const DAY = 86_400_000

/**
 * `startTime` and `endTime`, both inclusive, of at most `days`: one alone gives a window of that length
 * beside it, none the last one. Throws -1023 for an end before its start, -4165 for too long a window.
 */
export const timeWindowOf = ({ parameters, time }: Call, days: number): TimeWindow => {
  const start = parameters.optionalInteger('startTime')
  const end = parameters.optionalInteger('endTime')
  const length = days * DAY
  if (start !== undefined && end !== undefined) {
    if (start > end) throw API_ERRORS.startAfterEnd()
    if (end - start > length) throw API_ERRORS.intervalTooLong(days)
    return { start, end }
  }
  if (start !== undefined) return { start, end: start + length }
  const last = end ?? time
  return { start: Math.max(0, last - length), end: last }
}

/** `startTime` and `endTime` of any length; undefined where not given. */
export const openWindowOf = ({
  parameters,
}: Call): { start: number | undefined; end: number | undefined } => {
  const start = parameters.optionalInteger('startTime')
  const end = parameters.optionalInteger('endTime')
  if (start !== undefined && end !== undefined && start > end) throw API_ERRORS.startAfterEnd()
  return { start, end }
}
