import type { VenueClock } from '../../port/venue-clock.ts'
import type { VenueLog } from '../../port/venue-log.ts'
import { FrameFaults } from './frame-faults.ts'
import { FrameProblem } from './frame-problem.ts'
import type { LiveLink } from './live-link.ts'
import { RollingLink, type LinkTimes } from './rolling-link.ts'
import { StaleWatch } from './stale-watch.ts'
import type { OpenLink } from './stream-link.ts'
import { StreamOverlap, type StreamMessage } from './stream-overlap.ts'
import { Subscriptions } from './subscriptions.ts'

/** A frame, read: a message of a stream, or an answer to a request of ours. Null: of no use here. */
export type ReadFrame<T> =
  | { readonly message: StreamMessage<T> }
  | { readonly answer: Readonly<Record<string, unknown>> }
  | null

export type StreamSocketOptions<T> = {
  /** Combined-stream URL, e.g. `wss://fstream.binance.com/market/stream`. */
  readonly url: string
  /** At most 200: more belong on several connections. */
  readonly streams: readonly string[]
  /** Longest silence of a stream, by its name; infinite for one that may never speak. */
  readonly staleMs: (stream: string) => number
  /** Throws `FrameProblem`, or anything else for a message whose fields are not what they should be. */
  readonly read: (text: string) => ReadFrame<T>
  readonly clock: VenueClock
  readonly log: VenueLog
  readonly openLink: OpenLink
  readonly random: () => number
  readonly times: LinkTimes
  readonly onMessage: (message: StreamMessage<T>) => void
  /** All streams are subscribed. */
  readonly onUp: () => void
  /** The connection was lost or given up; another attempt follows by itself. */
  readonly onDown: (reason: string) => void
  /** A stream that delivers nothing although it is connected. */
  readonly onStale: (stream: string, silentMs: number) => void
}

/**
 * One combined-stream connection that is kept for ever. It subscribes at the venue's pace, watches each
 * stream by its own bound, is replaced before the venue cuts it without losing or repeating a message,
 * and survives frames that cannot be read.
 */
export class StreamSocket<T> {
  readonly #options: StreamSocketOptions<T>
  readonly #rolling: RollingLink
  readonly #watch: StaleWatch
  readonly #overlap: StreamOverlap<T>
  readonly faults: FrameFaults
  readonly #subscriptions = new Map<LiveLink, Subscriptions>()
  #successorSubscribed = false
  #cancelDeadline = (): void => undefined

  constructor(options: StreamSocketOptions<T>) {
    this.#options = options
    const { clock, log, openLink, random, times, streams, staleMs } = options
    this.faults = new FrameFaults({ of: options.url, log, clock })
    this.#overlap = new StreamOverlap(streams, (stream) => Number.isFinite(staleMs(stream)))
    this.#watch = new StaleWatch({
      streams,
      staleMs,
      clock,
      onStale: (silent) => this.#silent(silent),
    })
    this.#rolling = new RollingLink({
      url: () => Promise.resolve(options.url),
      openLink,
      clock,
      random,
      times,
      onOpen: (link) => this.#subscribe(link),
      onText: (link, text) => this.#receive(link, text),
      onLost: (reason) => this.#lost(reason),
      onPromoted: (planned) => this.#promoted(planned),
    })
  }

  /** Connections that were tried and that opened: for metrics. */
  get connections(): { readonly attempts: number; readonly opened: number } {
    return { attempts: this.#rolling.attempts, opened: this.#rolling.opened }
  }

  start(): void {
    this.#rolling.start()
  }

  stop(): void {
    this.#rolling.stop()
    this.#quiet()
  }

  /** Gives the connection up, and tells so; none follows before `start`. */
  giveUp(reason: string): void {
    this.stop()
    this.#options.onDown(reason)
  }

  /** Gives the connection up; another follows after a wait. */
  reconnect(reason: string): void {
    this.#rolling.reconnect(reason)
  }

  #subscribe(link: LiveLink): void {
    const { streams, clock } = this.#options
    const asCurrent = link === this.#rolling.current
    if (!asCurrent) {
      this.#successorSubscribed = false
      this.#overlap.begin()
    }
    const subscriptions = new Subscriptions({
      streams,
      clock,
      send: (text) => link.send(text),
      onDone: () => {
        if (asCurrent) {
          this.#watch.begin()
          this.#options.onUp()
        } else this.#awaitSuccessor()
      },
      onRefused: (reason) => {
        this.faults.note('refused', reason, reason)
        if (link === this.#rolling.current) this.reconnect(reason)
        else if (link === this.#rolling.successor) this.#giveUpSuccessor(reason)
      },
    })
    this.#subscriptions.set(link, subscriptions)
    subscriptions.start()
  }

  #receive(link: LiveLink, text: string): void {
    let frame: ReadFrame<T>
    try {
      frame = this.#options.read(text)
    } catch (error) {
      const fault = error instanceof FrameProblem ? error.fault : 'unreadable'
      this.faults.note(fault, text, error instanceof Error ? error.message : String(error))
      return
    }
    if (frame === null) return
    if ('answer' in frame) this.#answered(link, frame.answer, text)
    else if (link === this.#rolling.current) this.#pass(frame.message)
    else if (link === this.#rolling.successor && !this.#overlap.hold(frame.message))
      this.#giveUpSuccessor('more came in the overlap than can be held')
  }

  #answered(link: LiveLink, answer: Readonly<Record<string, unknown>>, text: string): void {
    if (this.#subscriptions.get(link)?.take(answer) === true) return
    this.faults.note('refused', text, 'an answer to nothing that was asked')
  }

  #pass(message: StreamMessage<T>): void {
    this.#watch.saw(message.stream)
    if (!this.#overlap.isNews(message)) return
    this.#overlap.passed(message)
    this.#options.onMessage(message)
    if (this.#rolling.successor === null || !this.#successorSubscribed) return
    if (this.#overlap.isReady) this.#rolling.promote(true)
  }

  /** Subscribed, it has as long as the most patient stream may be silent to deliver them all. */
  #awaitSuccessor(): void {
    this.#successorSubscribed = true
    this.#overlap.expectAll()
    const { streams, staleMs, clock } = this.#options
    const longest = Math.max(0, ...streams.map(staleMs).filter(Number.isFinite))
    this.#cancelDeadline = clock.after(longest + 1000, () => {
      if (this.#rolling.successor === null) return
      const missing = this.#overlap.missing()
      // Streams on which neither said anything lose nothing.
      if (missing.length === 0) this.#rolling.promote(true)
      else this.#giveUpSuccessor(`it does not deliver ${missing.slice(0, 5).join(', ')}`)
    })
  }

  #giveUpSuccessor(reason: string): void {
    this.#options.log.warn('a successor is given up', { of: this.#options.url, reason })
    this.#cancelDeadline()
    this.#successorSubscribed = false
    this.#rolling.discardSuccessor()
    this.#forgetOthers()
  }

  #promoted(planned: boolean): void {
    this.#cancelDeadline()
    this.#successorSubscribed = false
    this.#forgetOthers()
    this.#watch.begin()
    if (!planned) this.#options.onUp()
    for (const message of this.#overlap.release()) this.#pass(message)
  }

  #silent(silent: readonly { stream: string; silentMs: number }[]): void {
    for (const { stream, silentMs } of silent) this.#options.onStale(stream, silentMs)
    const [first] = silent
    if (first === undefined) return
    const others = silent.length === 1 ? '' : ` (and ${silent.length - 1} more)`
    this.reconnect(`${first.stream}${others} delivered nothing for ${first.silentMs} ms`)
  }

  #lost(reason: string): void {
    this.#cancelDeadline()
    this.#watch.end()
    this.#forgetOthers()
    this.#options.log.info('a stream connection was lost', { of: this.#options.url, reason })
    this.#options.onDown(reason)
  }

  #quiet(): void {
    this.#cancelDeadline()
    this.#watch.end()
    this.#forgetOthers()
  }

  /** Subscriptions of connections that are gone. */
  #forgetOthers(): void {
    for (const [link, subscriptions] of this.#subscriptions) {
      if (link === this.#rolling.current || link === this.#rolling.successor) continue
      subscriptions.end()
      this.#subscriptions.delete(link)
    }
  }
}
