import { createServer } from 'node:net'
import { TapedeckError } from '@tapedeck/contracts'

// Below the range that the kernel gives to outgoing connections, so that the port is still free when
// a server comes back to it after a restart.
const FIRST = 20_000
const LAST = 32_000
const ATTEMPTS = 50

const isFree = async (port: number): Promise<boolean> =>
  await new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })

/** `wanted` when it is free (PORT_IN_USE otherwise); a random free loopback port when it is 0. */
export const pickPort = async (wanted: number, server: string): Promise<number> => {
  if (wanted !== 0) {
    if (await isFree(wanted)) return wanted
    throw new TapedeckError('PORT_IN_USE', `${server}: port ${wanted} on 127.0.0.1 is in use`, {
      details: { port: wanted },
    })
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    if (await isFree(port)) return port
  }
  throw new TapedeckError(
    'PORT_IN_USE',
    `${server}: no free port found between ${FIRST} and ${LAST}`,
  )
}
