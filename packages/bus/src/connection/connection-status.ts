import type { NatsConnection } from '@nats-io/transport-node'

export type BusStatus = 'connected' | 'reconnecting' | 'closed'
export type StatusListener = (status: BusStatus, detail: string) => void

/** Follows a connection's state. */
export type StatusWatch = {
  readonly current: () => BusStatus
  /** Returns how to stop listening. */
  readonly on: (listener: StatusListener) => () => void
  /** Resolves when there is a connection (or there never will be again). What is sent without one is lost. */
  readonly untilConnected: () => Promise<void>
  /** Resolves when the connection is lost. `cancel` when no longer of interest. */
  readonly untilLost: () => { readonly lost: Promise<void>; readonly cancel: () => void }
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
  const on = (listener: StatusListener): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const untilChange = (): { changed: Promise<void>; cancel: () => void } => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const cancel = on(() => {
      cancel()
      resolve()
    })
    return { changed: promise, cancel }
  }
  return {
    current: () => current,
    on,
    async untilConnected() {
      while (current === 'reconnecting') await untilChange().changed
    },
    untilLost() {
      const { changed, cancel } = untilChange()
      return { lost: changed, cancel }
    },
  }
}
