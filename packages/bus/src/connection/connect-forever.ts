import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node'
import { TapedeckError } from '@tapedeck/contracts'
import { backoff } from './backoff.ts'

/** Whether the server turned the login down: trying again would not help. */
const isLoginRefused = (error: unknown): boolean =>
  Error.isError(error) && error.name === 'AuthorizationError'

/**
 * Connects, trying for as long as it takes. `onFailure` hears each failure. Throws NATS_LOGIN_REFUSED
 * when user or password are wrong, NATS_UNREACHABLE when `signal` aborts.
 */
export const connectForever = async (
  options: ConnectionOptions,
  onFailure: (error: Error) => void,
  signal: AbortSignal,
): Promise<NatsConnection> => {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const connection = await connect(options)
      if (!signal.aborted) return connection
      await connection.close()
    } catch (error) {
      if (isLoginRefused(error)) {
        throw new TapedeckError(
          'NATS_LOGIN_REFUSED',
          `NATS at ${String(options.servers)} refused user ${options.user ?? '(none)'}`,
          { cause: error },
        )
      }
      onFailure(error as Error)
      await backoff(failures, signal)
    }
  }
  throw new TapedeckError('NATS_UNREACHABLE', 'the connection was closed before NATS was reached')
}
