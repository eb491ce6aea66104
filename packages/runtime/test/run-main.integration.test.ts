import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const fixture = fileURLToPath(new URL('./support/main-fixture.ts', import.meta.url))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the fixture; sends one signal once it has started, and another once it is stopping. */
const run = (mode: string, first?: NodeJS.Signals, second?: NodeJS.Signals): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [fixture, mode], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    // Of two that are sent at once, the kernel may deliver the second one first.
    const waiting = [
      { said: 'started', signal: first },
      { said: '"event":"stopping"', signal: second },
    ].filter(({ signal }) => signal !== undefined)
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const [next] = waiting
      if (next === undefined || !out.includes(next.said)) return
      waiting.shift()
      child.kill(next.signal)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })

const lastLine = (text: string): Record<string, unknown> =>
  JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>

describe('runMain', () => {
  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'on %s stops in the opposite order and exits with 0',
    async (signal) => {
      const { code, out } = await run('plain', signal)
      expect(out.indexOf('stop second')).toBeGreaterThan(0)
      expect(out.indexOf('stop first')).toBeGreaterThan(out.indexOf('stop second'))
      expect(lastLine(out)).toMatchObject({ event: 'stopped', exit_code: 0 })
      expect(code).toBe(0)
    },
  )

  it('leaves a part that hangs after the bound, stops the others, and exits with 1', async () => {
    const { code, out } = await run('hung', 'SIGTERM')
    expect(out).toContain('"event":"stop_failed","part":"second"')
    expect(out).toContain('stop first')
    expect(code).toBe(1)
  })

  it('on a second signal exits at once', async () => {
    const { code, out } = await run('stuck', 'SIGTERM', 'SIGINT')
    expect(out).not.toContain('stop first')
    expect(code).toBe(130)
  })

  it('stopped while it still starts is no failure', async () => {
    const { code, out } = await run('waiting', 'SIGTERM')
    expect(out).toContain('stop first')
    expect(out).not.toContain('start_failed')
    expect(code).toBe(0)
  })

  it('a failed start stops what was started and exits with 1', async () => {
    const { code, out } = await run('fail')
    expect(out).toContain('"event":"start_failed"')
    expect(out).toContain('cannot start')
    expect(out).toContain('stop first')
    expect(code).toBe(1)
  })

  it('a bad configuration is told in plain words, with 2', async () => {
    const { code, err } = await run('config')
    expect(err).toContain('TAPEDECK_PORT = "x": expected a whole number 0 to 65535')
    expect(err).toContain('TAPEDECK_JWT_SECRET: is required')
    expect(err).not.toContain('    at ')
    expect(code).toBe(2)
  })

  it.each([
    ['reject', 'unhandled_rejection', 'nobody caught this'],
    ['throw', 'uncaught_exception', 'nobody caught that'],
  ])('an uncaught failure (%s) ends the process with a last line', async (mode, event, message) => {
    const { code, out } = await run(mode)
    expect(lastLine(out)).toMatchObject({ level: 'fatal', event, err: { message } })
    expect(out).not.toContain('stop first')
    expect(code).toBe(1)
  })
})
