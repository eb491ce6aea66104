import type { NatsConnection } from '@nats-io/transport-node'

export type BusStatus = 'connected' | 'reconnecting' | 'closed'
export type StatusListener = (status: BusStatus, detail: string) => void

/** Follows a connection's state. */
export type StatusWatch = {
  readonly current: () => BusStatus
  /** Returns how to stop listening. */
  readonly on: (listener: StatusListener) => () => void
}

/** Turns the client's stream of notices into a state with listeners. */
export const watchStatus = (nc: NatsConnection): StatusWatch => {
  const listeners = new Set<StatusListener>()
  let current: BusStatus = 'connected'
  const become = (status: BusStatus, detail: string): void => {
    if (current === 'closed' || current === status) return
    current = status
    for (const listener of listeners) listener(status, detail)
  }
  const follow = async (): Promise<void> => {
    for await (const notice of nc.status()) {
      if (notice.type === 'disconnect') become('reconnecting', `lost ${notice.server}`)
      if (notice.type === 'reconnect') become('connected', notice.server)
    }
  }
  const end = async (): Promise<void> => {
    const error = await nc.closed()
    become('closed', error === undefined ? '' : error.message)
  }
  void follow()
  void end()
  return {
    current: () => current,
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
