import type { AccountListener, AccountStream } from '../../port/account-event.ts'
import { machineClock, type VenueClock } from '../../port/venue-clock.ts'
import { silentLog, type VenueLog } from '../../port/venue-log.ts'
import { AccountOverlap } from './account-overlap.ts'
import type { AccountStreamOptions } from './account-stream-options.ts'
import { decodeAccountMessage, type DecodedAccountMessage } from './decode-account-message.ts'
import { FrameFaults } from './frame-faults.ts'
import { FrameProblem, parseExact, parseFrame } from './frame-problem.ts'
import { linkTimes } from './link-times.ts'
import { ListenKeyKeeper } from './listen-key-keeper.ts'
import type { LiveLink } from './live-link.ts'
import { OrderGuard } from './order-guard.ts'
import { RollingLink } from './rolling-link.ts'
import { openWebSocket } from './web-socket-link.ts'

const KEEP_ALIVE_MS = 25 * 60_000
const OVERLAP_MS = 5000
/** What one connection delivers, the other has to deliver within this, or it is not to be trusted. */
const LAG_MS_MAX = 1000
const LOOK_EVERY_MS = 10_000

/**
 * The account's own stream, kept for ever: listen key, connection, successor before the venue cuts it.
 *
 * `up` and `down` are told in pairs; whoever hears `up` asks for what came before by REST. They are told too
 * when something may have been missed although the connection stands: a message that cannot be read, a
 * switch to the successor in distress. A planned switch loses and repeats nothing, and is not told.
 *
 * Silence proves nothing here: an account at rest has nothing to say. So the connection is pinged, and the
 * listen key extended.
 */
export class AccountStreamClient implements AccountStream {
  readonly #clock: VenueClock
  readonly #log: VenueLog
  readonly #listener: AccountListener
  readonly #venue: string
  readonly #overlapMs: number
  readonly #keys: ListenKeyKeeper
  readonly #rolling: RollingLink
  readonly #overlap = new AccountOverlap<DecodedAccountMessage>()
  readonly #guard = new OrderGuard()
  readonly #faults: FrameFaults
  #isUp = false
  #lastEventAt: number | null = null
  #lookedAt = -Infinity
  #cancelSwitch = (): void => undefined
  #cancelLook = (): void => undefined

  constructor(options: AccountStreamOptions) {
    const { streamUrl, openLink = openWebSocket, random = Math.random } = options
    const clock = options.clock ?? machineClock
    const times = linkTimes(options)
    this.#clock = clock
    this.#log = options.log ?? silentLog
    this.#listener = options.listener
    this.#venue = options.venue ?? 'binance-usdm'
    this.#overlapMs = options.overlapMs ?? OVERLAP_MS
    this.#keys = new ListenKeyKeeper({
      calls: options.listenKeys,
      clock,
      log: this.#log,
      keepAliveMs: options.keepAliveMs ?? KEEP_ALIVE_MS,
      retryFirstMs: times.backoffFirstMs,
      retryMaxMs: times.backoffMaxMs,
      onGone: (reason) => this.#rolling.reconnect(reason),
    })
    const hide = (text: string): string => this.#keys.hide(text)
    this.#faults = new FrameFaults({ of: 'the account stream', log: this.#log, clock, hide })
    this.#rolling = new RollingLink({
      url: async () =>
        `${streamUrl}/private/ws?listenKey=${encodeURIComponent(await this.#keys.ask())}`,
      openLink,
      clock,
      random,
      times,
      onOpen: (link) => this.#opened(link),
      onText: (link, text) => this.#receive(link, text),
      onLost: (reason) => this.#down(reason),
      onPromoted: (planned) => this.#promoted(planned),
    })
  }

  /** Between `up` and `down`. */
  get isUp(): boolean {
    return this.#isUp
  }

  /** When the last message of the account came, by our clock; null before the first. */
  get lastEventAt(): number | null {
    return this.#lastEventAt
  }

  /** When the connection, and when the listen key, last gave a sign of life; null before. */
  get alive(): { readonly heardAt: number | null; readonly keptAt: number | null } {
    return { heardAt: this.#rolling.current?.heardAt ?? null, keptAt: this.#keys.keptAt }
  }

  /** Connections opened, events held back because they came late or twice, bad frames: for metrics. */
  get counts(): {
    readonly opened: number
    readonly dropped: number
    readonly faults: Readonly<Record<string, number>>
  } {
    const { opened } = this.#rolling
    return { opened, dropped: this.#guard.dropped, faults: this.#faults.counts() }
  }

  start(): void {
    this.#rolling.start()
  }

  /** The listen key is left to live: other clients of the account have the same one. */
  stop(): Promise<void> {
    this.#isUp = false
    this.#cancelSwitch()
    this.#cancelLook()
    this.#keys.stop()
    this.#rolling.stop()
    return Promise.resolve()
  }

  #opened(link: LiveLink): void {
    this.#overlap.clear()
    if (link === this.#rolling.current) {
      this.#up('connected')
      return
    }
    // Both deliver from here on; whether the old one is alive until the switch, it has to show.
    this.#rolling.current?.probe()
    this.#cancelSwitch()
    this.#cancelSwitch = this.#clock.after(this.#overlapMs, () => this.#switch())
  }

  #receive(link: LiveLink, text: string): void {
    const current = link === this.#rolling.current
    if (!current && link !== this.#rolling.successor) return
    this.#lastEventAt = this.#clock.now()
    const message = this.#decode(text)
    if (!current) {
      if (message === null) return
      this.#overlap.hold(text, message)
      this.#clock.after(LAG_MS_MAX, () => {
        if (link === this.#rolling.successor && this.#overlap.missing().length > 0) this.#switch()
      })
      return
    }
    if (this.#rolling.successor?.openedAt != null) this.#overlap.pass(text)
    if (message !== null) this.#tell(message)
  }

  /** Null for what cannot be read; the connection stands. */
  #decode(text: string): DecodedAccountMessage | null {
    try {
      return decodeAccountMessage(parseFrame(text, parseExact), this.#venue)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const fault = error instanceof FrameProblem ? error.fault : 'unreadable'
      this.#faults.note(fault, text, reason)
      // The venue invents events, and most are nothing to us: no reason to call the stream down.
      if (fault === 'unknown_event')
        return { kind: 'events', events: [{ kind: 'unknown', detail: reason }] }
      this.#missed(`a message could not be read: ${reason}`)
      return null
    }
  }

  #tell(message: DecodedAccountMessage): void {
    if (message.kind === 'listen_key_expired') this.#rolling.reconnect('the listen key expired')
    if (message.kind !== 'events') return
    for (const event of message.events) {
      const told = event.kind === 'order' ? this.#guard.admit(event) : event
      if (told !== null) this.#listener(told)
    }
  }

  /** Time to switch: without a word when the old connection has kept up, else as after a loss. */
  #switch(): void {
    const { current, successor } = this.#rolling
    if (successor?.openedAt == null) return
    const alive = current !== null && current.heardAt >= successor.openedAt
    this.#rolling.promote(alive && this.#overlap.missing().length === 0)
  }

  #promoted(planned: boolean): void {
    this.#cancelSwitch()
    const missing = this.#overlap.missing()
    this.#overlap.clear()
    this.#log.info('the account stream has a new connection', { planned, missing: missing.length })
    if (!planned) {
      if (this.#isUp) this.#down('the connection fell behind its successor')
      this.#up('connected anew')
    }
    for (const message of missing) this.#tell(message)
  }

  #up(detail: string): void {
    this.#isUp = true
    this.#listener({ kind: 'stream', state: 'up', detail })
  }

  #down(reason: string): void {
    const detail = this.#keys.hide(reason).slice(0, 300)
    if (this.#isUp) this.#listener({ kind: 'stream', state: 'down', detail })
    else this.#log.warn('the account stream cannot be had', { reason: detail })
    this.#isUp = false
  }

  /** Something of the account was told that we did not understand: what it was, REST knows. */
  #missed(reason: string): void {
    this.#cancelLook()
    const wait = Math.max(0, this.#lookedAt + LOOK_EVERY_MS - this.#clock.now())
    this.#cancelLook = this.#clock.after(wait, () => {
      if (!this.#isUp) return
      this.#lookedAt = this.#clock.now()
      this.#down(reason)
      this.#up('still connected')
    })
  }
}
