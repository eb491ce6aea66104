import type { StreamSink } from '../venue/stream-sink.ts'

/** A far end that keeps what it was sent. For tests. */
export class MemorySink implements StreamSink {
  readonly frames: string[] = []
  pings = 0
  pongs = 0
  ended: { code: number; reason: string } | 'terminated' | null = null

  /** Frames as JSON. */
  get messages(): Record<string, unknown>[] {
    return this.frames.map((frame) => JSON.parse(frame) as Record<string, unknown>)
  }

  /** Frames as JSON, and none from here on. */
  take(): Record<string, unknown>[] {
    const taken = this.messages
    this.frames.length = 0
    return taken
  }

  send(text: string): void {
    this.frames.push(text)
  }

  ping(): void {
    this.pings++
  }

  pong(): void {
    this.pongs++
  }

  close(code: number, reason: string): void {
    this.ended = { code, reason }
  }

  terminate(): void {
    this.ended = 'terminated'
  }
}
