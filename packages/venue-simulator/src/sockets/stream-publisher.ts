import type { Payload } from '../faults/index.ts'

/** Whom streams tell. A payload is made only for a stream that someone listens to. */
export interface StreamPublisher {
  readonly time: number
  hasListeners(stream: string): boolean
  publish(stream: string, payload: () => Payload): void
}
