import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that a test can spoil. */
export type UnreliableLink = {
  readonly url: string
  /** While deaf, what the server says does not arrive; what it is told does. */
  setDeaf(isDeaf: boolean): void
  /** Breaks the connections after this many more bytes to the server, in the middle of whatever it is. */
  cutAfter(bytes: number): void
  cut(): void
  close(): void
}

/** Listens on a free loopback port and passes everything on to `port`. */
export const unreliableLink = async (port: number): Promise<UnreliableLink> => {
  const sockets = new Set<Socket>()
  let isDeaf = false
  let bytesLeft = Number.POSITIVE_INFINITY
  const cut = (): void => {
    bytesLeft = Number.POSITIVE_INFINITY
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const server = createServer((client) => {
    if (isDeaf) {
      client.destroy()
      return
    }
    const upstream = connect({ port, host: '127.0.0.1' })
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
        sockets.delete(socket)
      })
    }
    upstream.on('data', (chunk) => {
      if (!isDeaf) client.write(chunk)
    })
    client.on('data', (chunk) => {
      const passed = chunk.subarray(0, Math.min(chunk.length, bytesLeft))
      bytesLeft -= passed.length
      // What was passed must arrive before the line is dead.
      upstream.write(passed, () => {
        if (bytesLeft === 0) cut()
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setDeaf: (deaf) => void (isDeaf = deaf),
    cutAfter: (bytes) => void (bytesLeft = bytes),
    cut,
    close() {
      cut()
      server.close()
    },
  }
}
