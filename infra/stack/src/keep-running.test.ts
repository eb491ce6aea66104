import { describe, expect, it } from '@jest/globals'
import { type Watched, keepRunning } from './keep-running.ts'

/** A server that fails to start as often as told. */
const scripted = (failures: number) => {
  const listeners: ((asked: boolean) => void)[] = []
  const did: string[] = []
  const server: Watched = {
    onExit: (listener) => void listeners.push(listener),
    restart: async () => {
      did.push('restart')
      if (failures-- > 0) throw new Error('no space left')
    },
    stop: async () => void did.push('stop'),
  }
  return { server, did, end: (asked: boolean) => listeners[0]?.(asked) }
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('a server that is looked after', () => {
  it('is started again when it ended by itself, ever more slowly', async () => {
    const { server, did, end } = scripted(2)
    const events: string[] = []
    const waits: number[] = []
    keepRunning(
      server,
      (event) => events.push(event),
      async (ms) => waits.push(ms),
    )
    end(false)
    await settled()
    expect(did).toEqual(['restart', 'restart', 'restart'])
    expect(waits).toEqual([500, 1_000, 2_000])
    expect(events).toEqual([
      'ended by itself, starting it again',
      'does not start, trying again in 1 s: no space left',
      'does not start, trying again in 2 s: no space left',
      'runs again',
    ])
  })

  it('is left alone when it was asked to end', async () => {
    const { server, did, end } = scripted(0)
    keepRunning(
      server,
      () => undefined,
      async () => undefined,
    )
    end(true)
    await settled()
    expect(did).toEqual([])
  })

  it('is stopped for good, also while it waits to be started again', async () => {
    const { server, did, end } = scripted(0)
    const kept = keepRunning(
      server,
      () => undefined,
      async (_ms, signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    )
    end(false)
    await kept.stop()
    end(false)
    await settled()
    expect(did).toEqual(['stop'])
  })
})
