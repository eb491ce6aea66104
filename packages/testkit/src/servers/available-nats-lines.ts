import { ensureNatsServer, type NatsLine } from '@tapedeck/dev'

/** A line of NATS versions to test on. `missing` says why it cannot be had here; null when it can. */
export type TestedNatsLine = { readonly line: NatsLine; readonly missing: string | null }

/**
 * The versions that the bus must work on: the floor (2.9.10, as Debian 12 ships it) and the current
 * one. Await it at the top of a test file and skip what is missing, by name.
 */
export const natsLines = async (): Promise<readonly TestedNatsLine[]> =>
  await Promise.all(
    (['debian', 'current'] as const).map(async (line) => {
      try {
        await ensureNatsServer(line)
        return { line, missing: null }
      } catch (error) {
        return { line, missing: (error as Error).message }
      }
    }),
  )
