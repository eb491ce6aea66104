import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Instrument } from '@tapedeck/contracts'
import type { MarketEvent } from '@tapedeck/core'
import { MarketFrameWriter } from '@tapedeck/venue'

export type RawRecordingTarget = {
  /** Written anew; gzipped whatever its name. */
  readonly file: string
  readonly instrument: Instrument
  /** Names the depth stream. Default 100. */
  readonly depthIntervalMs?: number
  /** Receive time minus event time, ms. Default 7. */
  readonly latencyMs?: number
}

/**
 * Writes market events as a raw recording, in the venue's own messages: what `openRecording` reads. The
 * same events give the same bytes.
 */
export const writeRawRecording = async (
  source: AsyncIterable<readonly MarketEvent[]>,
  target: RawRecordingTarget,
): Promise<void> => {
  const writer = new MarketFrameWriter(target.instrument, target.depthIntervalMs)
  const lines = async function* (): AsyncGenerator<string, void, undefined> {
    let received = 0
    for await (const events of source) {
      const text: string[] = []
      for (const event of events) {
        const time = 'time' in event ? event.time : null
        if (time !== null) received = Math.max(received, time + (target.latencyMs ?? 7))
        const messages =
          event.kind === 'depth' && event.snapshot
            ? [writer.restSnapshot(event)]
            : writer.frames(event)
        for (const message of messages) text.push(`${received}000000 ${JSON.stringify(message)}\n`)
      }
      if (text.length > 0) yield text.join('')
    }
  }
  await pipeline(Readable.from(lines()), createGzip({ level: 9 }), createWriteStream(target.file))
}
