import { afterEach, beforeAll } from '@jest/globals'
import { withNats } from '@tapedeck/testkit'
import type { NatsLine, NatsServer, NatsUser } from '@tapedeck/dev'
import { connectBus, type Bus } from '../src/index.ts'

/** A server with both streams, and buses that are closed after each test. */
export const withBus = (
  line: NatsLine,
): { server: () => NatsServer; bus: (user: NatsUser, url?: string) => Promise<Bus> } => {
  const server = withNats({ line })
  const open: Bus[] = []
  const bus = async (user: NatsUser, through?: string): Promise<Bus> => {
    const { url, login } = server()
    const connected = await connectBus({ servers: through ?? url, ...login(user), name: user })
    open.push(connected)
    return connected
  }
  const closeAll = async (): Promise<void> => {
    await Promise.all(open.splice(0).map(async (each) => await each.close()))
  }
  beforeAll(async () => {
    const admin = await bus('admin')
    await admin.tape.provision({ maxBytes: 500_000_000 })
    await closeAll()
  })
  afterEach(closeAll)
  return { server, bus }
}

/** Numbered messages `<prefix>1`… on one subject. */
export const numbered = (
  subject: string,
  prefix: string,
  count: number,
): { subject: string; id: string; bytes: Uint8Array }[] =>
  Array.from({ length: count }, (_, index) => ({
    subject,
    id: `${prefix}${index + 1}`,
    bytes: new TextEncoder().encode(`${prefix}${index + 1}`),
  }))

/** What a promise was rejected with; null when it was not. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
    return null
  } catch (error) {
    return error
  }
}
