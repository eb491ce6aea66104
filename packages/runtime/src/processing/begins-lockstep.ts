import { type Message, decode, isType, subjectOf } from '@tapedeck/contracts'
import type { RawMessage } from './types.ts'

const RUN_STARTED = subjectOf('market.run.started', 'run')

/**
 * Whether a message opens a run in lockstep. It is handled in turns already: two services that answer
 * it would otherwise append in the order in which they happened to be faster.
 */
export const beginsLockstep = (raw: RawMessage): boolean => {
  if (raw.subject !== RUN_STARTED) return false
  const decoded = raw.decoded?.() ?? decode(raw.bytes)
  if (!decoded.ok) return false
  const message = decoded.envelope as Message
  return isType(message, 'market.run.started') && message.payload.lockstep
}
