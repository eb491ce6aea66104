import type { VenueLog } from '../../port/venue-log.ts'
import type { LinkListener, OpenLink, StreamLink } from './stream-link.ts'

/** One connection whose far end the test plays. */
export class ScriptedLink implements StreamLink {
  readonly url: string
  readonly sent: string[] = []
  pings = 0
  /** A dead peer answers nothing. */
  answersPings = true
  isOver = false
  readonly #listener: LinkListener

  constructor(url: string, listener: LinkListener) {
    this.url = url
    this.#listener = listener
  }

  accept(): this {
    this.#listener.onOpen()
    return this
  }

  say(message: unknown): void {
    this.#listener.onText(typeof message === 'string' ? message : JSON.stringify(message))
  }

  /** Ends it from the far end. */
  drop(code = 1006, reason = ''): void {
    this.isOver = true
    this.#listener.onClose(code, reason)
  }

  /** Requests so far, parsed. */
  get requests(): { method: string; params: string[]; id: number }[] {
    return this.sent.map(
      (text) => JSON.parse(text) as { method: string; params: string[]; id: number },
    )
  }

  send(text: string): void {
    this.sent.push(text)
  }

  ping(): void {
    this.pings++
    if (this.answersPings) this.#listener.onPong()
  }

  close(): void {
    this.isOver = true
  }

  terminate(): void {
    this.isOver = true
  }
}

/** Collects what is dialed. */
export class ScriptedLinks {
  readonly links: ScriptedLink[] = []

  readonly open: OpenLink = (url, listener) => {
    const link = new ScriptedLink(url, listener)
    this.links.push(link)
    return link
  }

  /** The last that was dialed. */
  get last(): ScriptedLink {
    return this.links.at(-1)!
  }
}

/** What was said to the operator. */
export class KeptLog implements VenueLog {
  readonly lines: { message: string; details: Readonly<Record<string, unknown>> }[] = []

  info(message: string, details: Readonly<Record<string, unknown>>): void {
    this.lines.push({ message, details })
  }

  warn(message: string, details: Readonly<Record<string, unknown>>): void {
    this.lines.push({ message, details })
  }

  get text(): string {
    return JSON.stringify(this.lines)
  }
}
