import { TapedeckError } from '@tapedeck/contracts'
import { backoff } from './backoff.ts'
import type { StatusWatch } from './connection-status.ts'

class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost'
}

const PASSING = new Set([
  'ConnectionLost',
  'TimeoutError',
  'RequestError',
  'NoRespondersError',
  'JetStreamNotEnabled',
  'NoResponders',
])
const ASK_MS_MAX = 30_000

const isForbidden = (error: unknown): boolean =>
  Error.isError(error) && (error.name === 'PermissionViolationError' || isForbidden(error.cause))

/** JetStream's own 503s: it is up, but not all the way. */
const isPassing = (error: unknown): boolean =>
  Error.isError(error) &&
  (PASSING.has(error.name) || (error as { status?: unknown }).status === 503)

/**
 * Asks a question that changes nothing, again if need be: what is under way when the connection breaks
 * is never answered. Throws NATS_UNREACHABLE after half a minute, PUBLISH_FORBIDDEN where it may not be asked.
 */
export const askAgain = async <T>(status: StatusWatch, question: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + ASK_MS_MAX
  for (let failures = 0; ; failures += 1) {
    await status.untilConnected()
    const { lost, cancel } = status.untilLost()
    const broken = async (): Promise<never> => {
      await lost
      throw new ConnectionLost()
    }
    try {
      return await Promise.race([question(), broken()])
    } catch (cause) {
      if (isForbidden(cause)) {
        throw new TapedeckError('PUBLISH_FORBIDDEN', (cause as Error).message, { cause })
      }
      if (!isPassing(cause) || status.current() === 'closed') throw cause
      if (performance.now() > deadline) {
        throw new TapedeckError('NATS_UNREACHABLE', 'JetStream did not answer', { cause })
      }
      await backoff(failures)
    } finally {
      cancel()
    }
  }
}
