/** A message of a stream, with what orders it there (trade id, last update id, time); null: nothing does. */
export type StreamMessage<T> = {
  readonly stream: string
  readonly id: number | null
  readonly value: T
}

type Seam = {
  /** Id of the last message that was passed on. */
  passed: number | null
  /** Id of the first that the successor delivered. */
  first: number | null
  /** Whether the current delivered since the successor was subscribed. */
  fromCurrent: boolean
  fromSuccessor: boolean
}

const HELD_MAX = 50_000

/**
 * The seam between a connection and its successor. While both deliver, only the current's messages are
 * passed on and the successor's are held: the faster of two would otherwise run ahead of the slower and
 * leave holes. A stream is ready when the current has reached the first message that the successor
 * delivered: from there on the successor has everything. At the switch, what was held and not passed on
 * follows.
 */
export class StreamOverlap<T> {
  readonly #seams = new Map<string, Seam>()
  /** Streams that must be ready; ones that may be silent for ever are not waited for. */
  readonly #needed: readonly string[]
  #held: StreamMessage<T>[] = []
  /** Streams on which the new connection has not yet passed the point that the old one had reached. */
  readonly #behind = new Set<string>()

  constructor(streams: readonly string[], needed: (stream: string) => boolean) {
    for (const stream of streams)
      this.#seams.set(stream, {
        passed: null,
        first: null,
        fromCurrent: false,
        fromSuccessor: false,
      })
    this.#needed = streams.filter(needed)
  }

  /** The current delivered, and it was passed on. */
  passed({ stream, id }: Pick<StreamMessage<T>, 'stream' | 'id'>): void {
    const seam = this.#seams.get(stream)
    if (seam === undefined) return
    seam.fromCurrent = true
    if (id !== null && (seam.passed === null || id > seam.passed)) seam.passed = id
  }

  /** The successor delivered. False: more than can be held. */
  hold(message: StreamMessage<T>): boolean {
    const seam = this.#seams.get(message.stream)
    if (seam === undefined) return true
    seam.fromSuccessor = true
    seam.first ??= message.id
    this.#held.push(message)
    return this.#held.length <= HELD_MAX
  }

  /** A successor is being subscribed: what it delivers counts from here. */
  begin(): void {
    this.#held = []
    for (const seam of this.#seams.values()) {
      seam.first = null
      seam.fromCurrent = false
      seam.fromSuccessor = false
    }
  }

  /** The successor is subscribed to everything: what the current delivers from here on, it has to deliver too. */
  expectAll(): void {
    for (const seam of this.#seams.values()) seam.fromCurrent = false
  }

  get isReady(): boolean {
    return this.#needed.every((stream) => {
      const { first, passed } = this.#seams.get(stream)!
      return first !== null && passed !== null && passed >= first
    })
  }

  /** Streams that the current delivers and the successor does not. */
  missing(): string[] {
    return this.#needed.filter((stream) => {
      const { fromCurrent, fromSuccessor } = this.#seams.get(stream)!
      return fromCurrent && !fromSuccessor
    })
  }

  /** What was held, in the order in which it came; forgets it. Some of it may not be news. */
  release(): StreamMessage<T>[] {
    const held = this.#held
    this.#held = []
    for (const stream of this.#seams.keys()) this.#behind.add(stream)
    return held
  }

  /** False for what the old connection had passed on before the switch. */
  isNews({ stream, id }: Pick<StreamMessage<T>, 'stream' | 'id'>): boolean {
    if (this.#behind.size === 0 || !this.#behind.has(stream)) return true
    const passed = this.#seams.get(stream)?.passed ?? null
    if (id !== null && passed !== null && id <= passed) return false
    this.#behind.delete(stream)
    return true
  }
}
