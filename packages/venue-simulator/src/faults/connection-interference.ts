import type { ArmedFault } from './armed-fault.ts'
import type { ConnectionAct, ConnectionFacts, Route } from './fault-hooks.ts'
import type { ConnectionFault, FaultOf } from './fault.ts'

/** An outage of streams is one of connections, too. */
type Acting = ConnectionFault | FaultOf<'outage'>
type Armed = ArmedFault<Acting>

const KEEP: ConnectionAct = { kind: 'keep' }
const SILENT: ConnectionAct = { kind: 'silent' }
const GOING_AWAY = 1001
const UNAVAILABLE = 503
/** Connections come and go; of those long gone nothing is kept. */
const CONNECTIONS_KEPT_MAX = 20_000

const routesOf = (fault: Acting): readonly string[] =>
  fault.kind === 'outage' ? ['public', 'market', 'private'] : fault.routes

const actOf = (fault: Acting): ConnectionAct => {
  if (fault.kind === 'stream_closed')
    return { kind: 'close', code: fault.code, reason: 'going away' }
  if (fault.kind === 'stream_life_ends')
    return { kind: 'close', code: GOING_AWAY, reason: 'connection is at its end of life' }
  return fault.kind === 'stream_silent' ? SILENT : { kind: 'terminate' }
}

export type SavedConnectionFaults = {
  readonly struckAt: readonly (readonly [id: number, time: number])[]
  readonly struck: readonly (readonly [key: string, was: boolean])[]
}

/**
 * Faults of stream connections. What comes at a time strikes every connection that was open by then;
 * what is counted or drawn strikes connections as they are first seen.
 */
export class ConnectionInterference {
  /** By fault: when it last struck of itself. */
  readonly #struckAt = new Map<number, number>()
  /** By fault and connection: what became of it. True: struck. */
  readonly #struck = new Map<string, boolean>()

  snapshot(): SavedConnectionFaults {
    return { struckAt: [...this.#struckAt], struck: [...this.#struck] }
  }

  restore({ struckAt, struck }: SavedConnectionFaults): void {
    for (const [id, time] of struckAt) this.#struckAt.set(id, time)
    for (const [key, was] of struck) this.#struck.set(key, was)
  }

  act(faults: readonly Armed[], connection: ConnectionFacts, at: number): ConnectionAct {
    for (const armed of faults) {
      const { fault } = armed
      if (!routesOf(fault).includes(connection.route)) continue
      const key = `${armed.id} ${connection.id}`
      const before = this.#struck.get(key)
      if (before === true) {
        if (fault.kind === 'stream_silent') return SILENT
        continue
      }
      if (!this.#strikes(armed, fault, connection, key, at)) continue
      this.#remember(key, true)
      armed.injected()
      return actOf(fault)
    }
    return KEEP
  }

  /** The status by which a new connection is turned away, or null. */
  refusal(faults: readonly Armed[], route: Route, at: number): number | null {
    for (const armed of faults) {
      const { fault } = armed
      if (fault.kind !== 'stream_down' && fault.kind !== 'outage') continue
      if (!routesOf(fault).includes(route) || !armed.timing.isOn(at)) continue
      armed.injected()
      return UNAVAILABLE
    }
    return null
  }

  #strikes(
    armed: Armed,
    fault: Acting,
    connection: ConnectionFacts,
    key: string,
    at: number,
  ): boolean {
    const { timing, planned } = armed
    if (fault.kind === 'stream_down' || fault.kind === 'outage') return timing.isOn(at)
    if (fault.kind === 'stream_life_ends')
      return timing.isWithin(at) && at - connection.openedAt >= fault.life_ms
    const { kind } = planned.when
    if (kind === 'at' || kind === 'every' || kind === 'once') {
      const last = timing.due(at).at(-1)
      if (last !== undefined) this.#struckAt.set(armed.id, last)
      const struckAt = this.#struckAt.get(armed.id)
      return struckAt !== undefined && connection.openedAt <= struckAt
    }
    if (!timing.isWithin(at) || this.#struck.has(key)) return false
    const struck = timing.strikes(at)
    this.#remember(key, struck)
    return struck
  }

  #remember(key: string, struck: boolean): void {
    if (this.#struck.size >= CONNECTIONS_KEPT_MAX)
      for (const oldest of [...this.#struck.keys()].slice(0, 1)) this.#struck.delete(oldest)
    this.#struck.set(key, struck)
  }
}
