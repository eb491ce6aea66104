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

/** A text frame as a JSON object. Throws `FrameProblem`. */
export const parseFrame = (text: string): Record<string, unknown> => {
  if (text.length > FRAME_LENGTH_MAX)
    throw new FrameProblem('too_long', `${text.length} characters, expected ${FRAME_LENGTH_MAX}`)
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch (error) {
    const html = /^\s*</.test(text)
    throw new FrameProblem('not_json', html ? 'HTML, expected JSON' : String(error).slice(0, 160))
  }
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    throw new FrameProblem('not_a_message', 'JSON, but not an object')
  return message as Record<string, unknown>
}
