import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { GeneratedSource, SimulatedVenue } from '@tapedeck/venue-simulator'
import { runCli } from '../run-cli.ts'
import { claimSession } from '../session/index.ts'
import { memoryTerminal } from '../terminal/memory-terminal.fixture.ts'
import { generatedSymbols } from './generated-symbols.ts'
import {
  readVenueState,
  stateFileOf,
  writeVenueState,
  type VenueStateFacts,
} from './venue-state-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-state-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const symbols = generatedSymbols(['BTCUSDT'])
const venue = new SimulatedVenue({
  source: new GeneratedSource({ symbols, seed: 1, startTime: 1_800_000_000_000 }),
})
venue.addAccount({ account: 'main', apiKey: 'key', secret: 'a secret', balance: '10' })

const facts: VenueStateFacts = {
  seed: 1,
  market: 'generated',
  symbols: ['BTCUSDT'],
  start: null,
  faults: null,
  fault_seed: null,
}
const file = stateFileOf(folder)

const written = async (): Promise<Buffer> => {
  await writeVenueState(folder, { facts, venue: venue.snapshot() }, new Date(0))
  return readFileSync(file)
}

describe('the state file of a venue', () => {
  it('gives back what was written', async () => {
    await written()
    const state = readVenueState(folder)
    expect(state?.facts).toEqual(facts)
    expect(state?.venue).toEqual(JSON.parse(JSON.stringify(venue.snapshot())))
  })

  it('is not there before the first write', () => {
    expect(readVenueState(join(folder, 'none'))).toBeNull()
  })

  it.each<readonly [string, (text: string) => string, string]>([
    ['nothing', () => '', 'it ends in its first line'],
    ['half of its first line', (text) => text.slice(0, 40), 'it ends in its first line'],
    ['no JSON', () => 'nonsense\n{}', 'its first line is damaged'],
    ['null', () => 'null\n{}', 'it is of kind undefined'],
    ['something else', () => '{"kind":"other"}\n{}', 'it is of kind other'],
    ['a newer one', (text) => text.replace(/"version":\d+/, '"version":9999'), 'version 9999'],
    ['one cut short', (text) => text.slice(0, -1), 'its checksum is not that'],
    ['one with a digit turned', (text) => text.replace('"10"', '"11"'), 'its checksum is not that'],
    ['one with more behind it', (text) => `${text} `, 'its checksum is not that'],
  ])('refuses %s, says why, and shows no secret', async (_, change, problem) => {
    const whole = await written()
    const damaged = change(whole.toString('utf8'))
    writeFileSync(file, damaged)
    expect(() => readVenueState(folder)).toThrow(
      expect.objectContaining({ code: 'VENUE_STATE_INVALID' }),
    )
    expect(() => readVenueState(folder)).toThrow(problem)
    expect(() => readVenueState(folder)).not.toThrow('a secret')
    expect(readFileSync(file, 'utf8')).toBe(damaged)
  })

  it('is whole whenever it is read while it is written again and again', async () => {
    await written()
    const reading = setInterval(() => readVenueState(folder), 1)
    try {
      for (let i = 0; i < 20; i++) await written()
    } finally {
      clearInterval(reading)
    }
    expect(readVenueState(folder)).not.toBeNull()
  })
})

const refused = async (options: readonly string[]): Promise<readonly [number, string]> => {
  const terminal = memoryTerminal()
  const code = await runCli(['venue', '--port', '0', '--state', folder, ...options], terminal)
  expect(terminal.stdout()).toBe('')
  return [code, terminal.stderr()]
}

describe('tapedeck venue --state', () => {
  it('refuses the state of another seed, and a damaged one, and leaves them as they are', async () => {
    const whole = await written()
    const [code, said] = await refused(['--seed', '8'])
    expect(code).toBe(3)
    expect(said).toContain('was started with --seed 1, and this is --seed 8')
    expect(readFileSync(file).equals(whole)).toBe(true)
    const damaged = whole.subarray(0, whole.length - 10)
    writeFileSync(file, damaged)
    expect((await refused([]))[0]).toBe(3)
    expect(readFileSync(file).equals(damaged)).toBe(true)
  })

  it('is for one process at a time', async () => {
    const claim = claimSession(folder)
    try {
      const [code, said] = await refused([])
      expect(code).toBe(5)
      expect(said).toContain('another process runs on')
    } finally {
      claim.release()
    }
  })
})
