import type { VenueClock } from '../../port/venue-clock.ts'
import type { OpenLink, StreamLink } from './stream-link.ts'

export type LiveLinkOptions = {
  readonly url: string
  readonly openLink: OpenLink
  readonly clock: VenueClock
  readonly handshakeMs: number
  /** How often we ping, and how long the answer may take. */
  readonly pingMs: number
  readonly pongMsMax: number
  readonly onOpen: () => void
  readonly onText: (text: string) => void
  /** Once, unless `end` came first. */
  readonly onClosed: (reason: string) => void
}

/**
 * One connection that is known to be alive: a handshake that hangs and a socket that is half open (no
 * frames, no close) end it like a close does. Any frame counts as a sign of life, not pongs alone.
 */
export class LiveLink {
  readonly #options: LiveLinkOptions
  readonly #link: StreamLink | null
  #openedAt: number | null = null
  #heardAt = 0
  #ended = false
  #cancel: () => void

  constructor(options: LiveLinkOptions) {
    this.#options = options
    const { clock, handshakeMs } = options
    this.#cancel = clock.after(handshakeMs, () =>
      this.#close(`no connection within ${handshakeMs} ms`),
    )
    this.#link = this.#open()
  }

  /** Null while it is connecting. */
  get openedAt(): number | null {
    return this.#openedAt
  }

  /** When the last frame of any kind came. */
  get heardAt(): number {
    return this.#heardAt
  }

  send(text: string): void {
    if (this.#openedAt !== null && !this.#ended) this.#link?.send(text)
  }

  /** Asks for a sign of life now. */
  probe(): void {
    if (this.#openedAt === null || this.#ended) return
    const { clock, pingMs, pongMsMax } = this.#options
    const asked = clock.now()
    this.#link?.ping()
    this.#cancel()
    this.#cancel = clock.after(pongMsMax, () => {
      if (this.#heardAt < asked) this.#close(`half open: no answer to a ping in ${pongMsMax} ms`)
      else this.#cancel = clock.after(Math.max(1, pingMs - pongMsMax), () => this.probe())
    })
  }

  /** Ends it; nothing is told of it any more. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#cancel()
    this.#link?.terminate()
  }

  #open(): StreamLink | null {
    const { url, openLink, clock, pingMs } = this.#options
    try {
      return openLink(url, {
        onOpen: () => {
          if (this.#ended) return
          this.#openedAt = clock.now()
          this.#heardAt = this.#openedAt
          this.#cancel()
          this.#cancel = clock.after(pingMs, () => this.probe())
          this.#options.onOpen()
        },
        onText: (text) => {
          if (this.#ended) return
          this.#heardAt = clock.now()
          this.#options.onText(text)
        },
        onPong: () => {
          this.#heardAt = clock.now()
        },
        onClose: (code, reason) =>
          this.#close(`closed with code ${code}${reason === '' ? '' : `: ${reason}`}`),
      })
    } catch (error) {
      this.#cancel()
      const detail = error instanceof Error ? error.message : String(error)
      this.#cancel = clock.after(0, () => this.#close(`could not be opened: ${detail}`))
      return null
    }
  }

  #close(reason: string): void {
    if (this.#ended) return
    this.end()
    this.#options.onClosed(reason)
  }
}
