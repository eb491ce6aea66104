import { output, type FeedStatus, type Instrument, type Output } from '@tapedeck/contracts'
import type { Json } from '../decider.ts'

type Channel = FeedStatus['channel']
type State = { versions: Record<Channel, number>; up: Channel[]; down: Channel[] }

/** Which feeds of an instrument are up, and the tape's word on every change. */
export class FeedRegister {
  readonly #instrument: Instrument
  readonly #state: State

  constructor(instrument: Instrument, snapshot?: Json) {
    this.#instrument = instrument
    const saved = snapshot as State | undefined
    this.#state =
      saved === undefined
        ? { versions: { trades: 0, depth: 0, mark: 0 }, up: [], down: [] }
        : { versions: { ...saved.versions }, up: [...saved.up], down: [...saved.down] }
  }

  isUp(channel: Channel): boolean {
    return this.#state.up.includes(channel)
  }

  /** Something arrived on a channel: says so once, until the channel fails. */
  up(channel: Channel, reason: string, at: number, out: Output[]): void {
    if (this.#state.up.includes(channel)) return
    this.tell(channel, 'up', reason, at, out)
    this.#state.up.push(channel)
  }

  /** Appends a status; that a feed is still down is not news. A hole in the prints leaves their feed up; a hole in the book ends the book. */
  tell(
    channel: Channel,
    status: FeedStatus['status'],
    reason: string,
    at: number,
    out: Output[],
    missing: readonly [number | null, number | null] = [null, null],
  ): void {
    const wasDown = this.#state.down.includes(channel)
    if (status === 'down' && wasDown) return
    if (status === 'down') this.#state.down.push(channel)
    else if (wasDown) this.#state.down = this.#state.down.filter((name) => name !== channel)
    const { venue, symbol } = this.#instrument
    const [missing_from, missing_to] = missing
    if (channel === 'depth' || status !== 'gap')
      this.#state.up = this.#state.up.filter((name) => name !== channel)
    out.push(
      output('market.feed.status', {
        aggregate_id: `${venue}.${symbol}.${channel}`,
        aggregate_version: ++this.#state.versions[channel],
        occurred_at: at,
        payload: { venue, symbol, channel, status, reason, missing_from, missing_to },
      }),
    )
  }

  /** Counts on from a version that is on the tape. */
  adopt(channel: Channel, version: number): void {
    this.#state.versions[channel] = version
  }

  snapshot(): Json {
    const { versions, up, down } = this.#state
    return { versions: { ...versions }, up: [...up], down: [...down] }
  }
}
