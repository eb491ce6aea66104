import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/**
 * Rows on their way into `copy … from stdin`. Passed as the only parameter of the COPY statement, so
 * that COPY runs on whatever connection the caller is on, inside its transaction too.
 */
export class CopySource {
  readonly #chunks: Iterable<Buffer>

  constructor(chunks: Iterable<Buffer>) {
    this.#chunks = chunks
  }

  /** Streams the chunks, with backpressure; gives the number of rows that Postgres took. */
  async sendTo(client: PoolClient, text: string): Promise<number> {
    const stream = client.query(copyFrom(text))
    await pipeline(Readable.from(this.#chunks, { objectMode: true, highWaterMark: 1 }), stream)
    return stream.rowCount
  }
}
