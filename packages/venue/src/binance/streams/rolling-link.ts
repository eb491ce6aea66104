import type { VenueClock } from '../../port/venue-clock.ts'
import { Backoff } from './backoff.ts'
import { LiveLink } from './live-link.ts'
import type { OpenLink } from './stream-link.ts'

export type LinkTimes = {
  readonly handshakeMs: number
  readonly pingMs: number
  readonly pongMsMax: number
  /** A connection gets its successor after this; the venue cuts it at 24 h. */
  readonly rolloverMs: number
  readonly backoffFirstMs: number
  readonly backoffMaxMs: number
}

export type RollingLinkOptions = {
  /** Asked before each connection. Rejects when there is none to be had now. */
  readonly url: () => Promise<string>
  readonly openLink: OpenLink
  readonly clock: VenueClock
  readonly random: () => number
  readonly times: LinkTimes
  /** A connection is open; `link === current` or `link === successor` says which. */
  readonly onOpen: (link: LiveLink) => void
  readonly onText: (link: LiveLink, text: string) => void
  /** The connection was lost, or an attempt failed. Another follows by itself. */
  readonly onLost: (reason: string) => void
  /** The successor is the connection now. Planned: the old one was alive until this moment. */
  readonly onPromoted: (planned: boolean) => void
}

/** A connection that was open this long starts over with the shortest wait. */
const HEALTHY_MS = 10_000
const ROLLOVER_RETRY_MS = 60_000
/** The venue refuses to talk, and every further attempt makes it worse: waits go beyond the usual longest. */
const BANNED = /server response: (?:418|429|403)/
const BANNED_MS_MAX = 10 * 60_000

/**
 * One connection that is kept for ever: it is reopened with growing waits, and gets a successor before
 * the venue cuts it. When the successor takes over is the owner's decision (`promote`), who sees what
 * both deliver; when the connection dies while its successor is open, that takes over at once.
 */
export class RollingLink {
  readonly #options: RollingLinkOptions
  readonly #backoff: Backoff
  #current: LiveLink | null = null
  #successor: LiveLink | null = null
  #running = false
  /** Refusals in a row. */
  #bans = 0
  /** Raised whenever what is under way is no longer wanted. */
  #era = 0
  #cancelRetry = (): void => undefined
  #cancelRollover = (): void => undefined
  /** Attempts, and connections that opened: for metrics. */
  attempts = 0
  opened = 0

  constructor(options: RollingLinkOptions) {
    this.#options = options
    const { backoffFirstMs: firstMs, backoffMaxMs: maxMs } = options.times
    this.#backoff = new Backoff({ firstMs, maxMs, random: options.random })
  }

  get current(): LiveLink | null {
    return this.#current
  }

  get successor(): LiveLink | null {
    return this.#successor
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    void this.#connect()
  }

  stop(): void {
    this.#running = false
    this.#drop()
  }

  /** Gives the connection up; another follows after a wait. */
  reconnect(reason: string): void {
    if (this.#running) this.#lost(reason)
  }

  /** The successor takes over, without a moment in between. */
  promote(planned: boolean): void {
    const old = this.#current
    // One that is being dialed has nothing to take over with.
    if (this.#successor?.openedAt == null) return
    this.#current = this.#successor
    this.#successor = null
    const { clock, times } = this.#options
    // The venue counts from when it was opened.
    const age = clock.now() - (this.#current.openedAt ?? clock.now())
    this.#scheduleRollover(Math.max(0, times.rolloverMs - age))
    this.#options.onPromoted(planned)
    old?.end()
  }

  /** The successor is no good; another is tried later. */
  discardSuccessor(): void {
    this.#successor?.end()
    this.#successor = null
    this.#scheduleRollover(Math.min(this.#options.times.rolloverMs, ROLLOVER_RETRY_MS))
  }

  async #connect(): Promise<void> {
    const url = await this.#url()
    if (url === null) return
    this.#current = this.#link(url)
  }

  async #succeed(): Promise<void> {
    const { url } = this.#options
    const era = this.#era
    let address: string
    try {
      address = await url()
    } catch {
      if (era === this.#era) this.discardSuccessor()
      return
    }
    if (era !== this.#era || this.#successor !== null) return
    this.attempts++
    this.#successor = this.#link(address)
  }

  /** Null when there is none, or when it came too late to be of use. */
  async #url(): Promise<string | null> {
    const era = this.#era
    this.attempts++
    try {
      const url = await this.#options.url()
      return era === this.#era ? url : null
    } catch (error) {
      if (era === this.#era) this.#lost(error instanceof Error ? error.message : String(error))
      return null
    }
  }

  #link(url: string): LiveLink {
    const { openLink, clock, times, onText, onOpen } = this.#options
    const { handshakeMs, pingMs, pongMsMax } = times
    const link: LiveLink = new LiveLink({
      url,
      openLink,
      clock,
      handshakeMs,
      pingMs,
      pongMsMax,
      onOpen: () => {
        this.opened++
        this.#bans = 0
        if (link === this.#current) this.#scheduleRollover(times.rolloverMs)
        onOpen(link)
      },
      onText: (text) => onText(link, text),
      onClosed: (reason) => this.#closed(link, reason),
    })
    return link
  }

  /** By what the connection is now: a successor may have become the current one since it was opened. */
  #closed(link: LiveLink, reason: string): void {
    if (link === this.#successor) this.discardSuccessor()
    if (link !== this.#current) return
    if (this.#successor?.openedAt == null) {
      this.#lost(reason)
      return
    }
    this.#options.onLost(reason)
    this.promote(false)
  }

  #lost(reason: string): void {
    const openedAt = this.#current?.openedAt ?? null
    const { clock, onLost } = this.#options
    if (openedAt !== null && clock.now() - openedAt > HEALTHY_MS) this.#backoff.reset()
    this.#drop()
    onLost(reason)
    if (!this.#running) return
    const wait = BANNED.test(reason) ? this.#banWait() : this.#backoff.next()
    this.#cancelRetry = clock.after(wait, () => void this.#connect())
  }

  /** With jitter: all connections of an address are refused together, and would come back together. */
  #banWait(): number {
    const { times, random } = this.#options
    const whole = Math.min(BANNED_MS_MAX, times.backoffMaxMs * 2 ** Math.min(this.#bans++, 10))
    return whole * (0.75 + random() / 4)
  }

  #scheduleRollover(ms: number): void {
    this.#cancelRollover()
    this.#cancelRollover = this.#options.clock.after(ms, () => void this.#succeed())
  }

  #drop(): void {
    this.#era++
    this.#cancelRetry()
    this.#cancelRollover()
    const lost = [this.#current, this.#successor]
    this.#current = null
    this.#successor = null
    for (const link of lost) link?.end()
  }
}
