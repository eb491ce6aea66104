import type { FrameFault } from './frame-faults.ts'

/** A frame that cannot be used, and in which way. */
export class FrameProblem extends Error {
  readonly fault: FrameFault

  constructor(fault: FrameFault, reason: string) {
    super(reason)
    this.fault = fault
  }
}

/** Longer than anything the venue sends: it is not even parsed. */
const FRAME_LENGTH_MAX = 2 * 1024 * 1024

type Source = { readonly source?: string }

/** Whole numbers that a float64 does not hold become their digits: ids of orders can be that long. */
const exactIds = (_key: string, value: unknown, { source = '' }: Source): unknown =>
  typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
    ? source
    : value

/** JSON with every whole number exact. */
export const parseExact = (text: string): unknown =>
  /\d{16}/.test(text)
    ? JSON.parse(text, exactIds as (key: string, value: unknown) => unknown)
    : JSON.parse(text)

/** A text frame as a JSON object. Throws `FrameProblem`. */
export const parseFrame = (
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): Record<string, unknown> => {
  if (text.length > FRAME_LENGTH_MAX)
    throw new FrameProblem(
      'too_long',
      `${text.length} characters, expected ${FRAME_LENGTH_MAX} at most`,
    )
  let message: unknown
  try {
    message = parse(text)
  } catch (error) {
    const html = /^\s*</.test(text)
    throw new FrameProblem('not_json', html ? 'HTML, expected JSON' : String(error).slice(0, 160))
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    throw new FrameProblem('not_a_message', 'JSON, but not an object')
  return message as Record<string, unknown>
}
