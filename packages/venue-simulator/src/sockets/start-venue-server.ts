import { TapedeckError } from '@tapedeck/contracts'
import type { AddressInfo } from 'node:net'
import { VenueHttpServer } from './http-server.ts'
import type { ServableVenue } from './servable-venue.ts'
import { VenueWsServer } from './ws-server.ts'

export type VenueServerOptions = {
  readonly venue: ServableVenue
  /** 0: a free one. */
  readonly port?: number
  /** Loopback by default: there is no TLS, and the keys are for play. */
  readonly host?: string
  /** permessage-deflate for clients that offer it. Default true. */
  readonly deflate?: boolean
  /** Bytes that may wait for a stream reader that does not read. Default 8 MiB. */
  readonly bufferedBytesMax?: number
  /** How long a client may take for its headers. Default 10 s. */
  readonly headersTimeoutMs?: number
  readonly onProblem?: (problem: string) => void
}

export type VenueServer = {
  /** `http://127.0.0.1:8088`; `/fapi/...` is below it. */
  readonly restUrl: string
  /** `ws://127.0.0.1:8088`; `/public`, `/market` and `/private` are below it. */
  readonly streamUrl: string
  readonly port: number
  stop(): Promise<void>
}

const portInUse = (host: string, port: number, cause: unknown): TapedeckError =>
  new TapedeckError('PORT_IN_USE', `port ${port} of ${host} is taken; name another, or 0`, {
    cause,
  })

/**
 * Puts a venue on one port: REST and streams. The servers know no rule of the venue, and the venue no
 * socket. Time is not theirs either: see `VenuePacer`.
 */
export const startVenueServer = async (options: VenueServerOptions): Promise<VenueServer> => {
  const { venue, port = 0, host = '127.0.0.1', deflate = true } = options
  const onProblem = options.onProblem ?? ((): void => undefined)
  const { headersTimeoutMs } = options
  const rest = new VenueHttpServer({
    venue,
    onProblem,
    ...(headersTimeoutMs === undefined ? {} : { headersTimeoutMs }),
  })
  const streams = new VenueWsServer(rest.server, {
    venue,
    deflate,
    onProblem,
    ...(options.bufferedBytesMax === undefined
      ? {}
      : { bufferedBytesMax: options.bufferedBytesMax }),
  })
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(error.code === 'EADDRINUSE' ? portInUse(host, port, error) : error)
    rest.server.once('error', fail)
    rest.server.listen(port, host, () => {
      rest.server.off('error', fail)
      resolve()
    })
  })
  const bound = (rest.server.address() as AddressInfo).port
  const name = host.includes(':') ? `[${host}]` : host
  return {
    restUrl: `http://${name}:${bound}`,
    streamUrl: `ws://${name}:${bound}`,
    port: bound,
    stop: async () => {
      rest.stop()
      streams.stop()
      await new Promise<void>((resolve) => {
        rest.server.close(() => resolve())
        rest.server.closeAllConnections()
      })
    },
  }
}
