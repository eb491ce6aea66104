import { type Message, decode } from '@tapedeck/contracts'
import type { ShellPorts } from './shell-ports.ts'
import type { RawMessage } from './types.ts'

type Ports = Pick<ShellPorts<never>, 'deadLetter' | 'metrics' | 'log'>

/** Copies a message that could not be handled to the dead letters, and says so. */
export const setAside = async (
  ports: Ports,
  message: RawMessage,
  reason: string,
  detail: string,
): Promise<void> => {
  const { seq, subject } = message
  ports.metrics.deadLettered(reason)
  ports.log('error', 'dead_letter', { seq, subject, reason, detail })
  await ports.deadLetter({ reason, detail, attempts: 1, message })
}

/** The envelope of a message, or null when it cannot be read; then it is set aside. */
export const readMessage = async (ports: Ports, raw: RawMessage): Promise<Message | null> => {
  const decoded = raw.decoded?.() ?? decode(raw.bytes)
  if (decoded.ok) return decoded.envelope as Message
  await setAside(ports, raw, decoded.reason, decoded.detail)
  return null
}
