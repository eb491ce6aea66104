import { describe, expect, it } from '@jest/globals'
import { TestClock } from '../../courier/test-clock.fixture.ts'
import { parseFrame } from './frame-problem.ts'
import { linkTimes } from './link-times.ts'
import { KeptLog, ScriptedLinks, type ScriptedLink } from './scripted-links.fixture.ts'
import { StreamSocket, type ReadFrame } from './stream-socket.ts'

const HOUR = 3_600_000

const readNumbered = (text: string): ReadFrame<number> => {
  const message = parseFrame(text)
  const { stream, data } = message
  if (typeof stream !== 'string') return { answer: message }
  if (typeof data !== 'number') throw new TypeError(`data of ${stream} is no number`)
  return { message: { stream, id: data, value: data } }
}

const start = (streams: readonly string[] = ['a', 'b'], staleMs?: (stream: string) => number) => {
  const clock = new TestClock()
  const links = new ScriptedLinks()
  const log = new KeptLog()
  const passed: string[] = []
  const told: string[] = []
  const socket = new StreamSocket<number>({
    url: 'wss://venue/market/stream',
    streams,
    staleMs: staleMs ?? (() => 60_000),
    read: readNumbered,
    clock,
    log,
    openLink: links.open,
    random: () => 1,
    times: linkTimes({}),
    onMessage: ({ stream, value }) => passed.push(`${stream}${value}`),
    onUp: () => told.push('up'),
    onDown: (reason) => told.push(`down: ${reason}`),
    onStale: (stream, silentMs) => told.push(`stale: ${stream} ${silentMs}`),
  })
  socket.start()
  return { clock, links, log, passed, told, socket }
}

/** Answers every request that has come so far. */
const acknowledge = (link: ScriptedLink): void => {
  for (const { id } of link.requests) link.say({ result: null, id })
}

const started = async (...parameters: Parameters<typeof start>) => {
  const run = start(...parameters)
  await run.clock.pass(0)
  run.links.last.accept()
  await run.clock.pass(2000)
  acknowledge(run.links.last)
  return run
}

const say = (link: ScriptedLink, ...messages: readonly [string, number][]): void => {
  for (const [stream, data] of messages) link.say({ stream, data })
}

describe('subscriptions', () => {
  it('are asked for fifty at a time, five a second, and are up when all are acknowledged', async () => {
    const streams = Array.from({ length: 120 }, (_, i) => `s${i}`)
    const { clock, links, told } = start(streams)
    await clock.pass(0)
    const link = links.last.accept()
    expect(link.requests.map(({ params }) => params.length)).toEqual([50])
    await clock.pass(199)
    expect(link.requests).toHaveLength(1)
    await clock.pass(201)
    expect(link.requests.map(({ params }) => params.length)).toEqual([50, 50, 20])
    expect(link.requests.flatMap(({ params }) => params)).toEqual(streams)
    link.say({ result: null, id: 2 })
    link.say({ result: null, id: 1 })
    expect(told).toEqual([])
    link.say({ result: null, id: 3 })
    expect(told).toEqual(['up'])
  })

  it.each<[string, (link: ScriptedLink) => void, string]>([
    [
      'are refused',
      (link) => link.say({ error: { code: 2, msg: 'Invalid request' }, id: 1 }),
      'refused',
    ],
    ['are not answered', () => undefined, 'no answer in 10000 ms'],
  ])('that %s end the connection, and are tried again', async (_name, answer, reason) => {
    const { clock, links, told } = start()
    await clock.pass(0)
    answer(links.last.accept())
    await clock.pass(10_200)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain(reason)
    await clock.pass(1000)
    expect(links.links).toHaveLength(2)
  })
})

describe('silence', () => {
  it('is judged by each stream, told by its name, and ends the connection', async () => {
    const { clock, links, told } = await started(['a', 'b'], (stream) =>
      stream === 'a' ? 60_000 : 10_000,
    )
    for (let i = 0; i < 5; i++) {
      say(links.last, ['b', i])
      await clock.pass(9000)
    }
    say(links.last, ['a', 1])
    expect(told).toEqual(['up'])
    await clock.pass(10_000)
    expect(told.slice(1)).toEqual([
      expect.stringMatching(/^stale: b \d+$/),
      expect.stringContaining('down: b delivered nothing'),
    ])
  })

  it('that reconnecting does not end takes the others down ever more seldom', async () => {
    const { clock, links, told } = await started(['a', 'b'], () => 10_000)
    const beat = async (ms: number): Promise<void> => {
      for (let left = ms; left > 0; left -= 1000) {
        const link = links.last
        if (!link.isOver) {
          if (link.sent.length === 0) link.accept()
          acknowledge(link)
          say(link, ['a', left])
        }
        await clock.pass(1000)
      }
    }
    await beat(HOUR)
    const downs = told.filter((line) => line.startsWith('down')).length
    expect(downs).toBeGreaterThan(4)
    expect(downs).toBeLessThan(14)
    expect(told.filter((line) => line.startsWith('stale: a'))).toEqual([])
  })

  it('of a stream that may be silent for ever is none', async () => {
    const { clock, links, told } = await started(['a', 'b'], (stream) =>
      stream === 'a' ? 10_000 : Infinity,
    )
    for (let i = 0; i < 600; i++) {
      say(links.last, ['a', i])
      await clock.pass(9000)
    }
    expect(told).toEqual(['up'])
  })

  it('of a half-open socket is found by a ping', async () => {
    const { clock, links, told } = await started(['a'], () => Infinity)
    await clock.pass(HOUR)
    links.last.answersPings = false
    await clock.pass(30_000)
    expect(told).toEqual(['up', expect.stringContaining('half open')])
  })
})

describe('frames that cannot be used', () => {
  it('are counted and logged once in a while with their text; the connection is kept', async () => {
    const { clock, links, log, passed, socket, told } = await started()
    const frames: unknown[] = [
      '<html><h1>502 Bad Gateway</h1></html>',
      '',
      '[1,2]',
      'null',
      { stream: 'a', data: 'text' },
      { id: 77, result: null },
      { hello: 'world' },
      `{"stream":"a","data":${' '.repeat(3_000_000)}1}`,
    ]
    for (const frame of frames) links.last.say(frame)
    for (let i = 0; i < 1000; i++) links.last.say('<html>')
    say(links.last, ['a', 1])
    await clock.pass(30_000)
    say(links.last, ['a', 2], ['b', 1])
    await clock.pass(31_000)
    expect(socket.faults.counts()).toEqual({
      not_json: 1002,
      not_a_message: 2,
      unreadable: 1,
      refused: 1,
      too_long: 1,
    })
    expect(log.lines).toHaveLength(5)
    expect(log.text).toContain('502 Bad Gateway')
    expect(passed).toEqual(['a1', 'a2', 'b1'])
    expect(told).toEqual(['up'])
    links.last.say('again')
    expect(log.lines).toHaveLength(6)
  })
})

/** 23 hours on, both connections are open and subscribed; `n` is the last id of both streams. */
const overlapping = async (...parameters: Parameters<typeof start>) => {
  const run = await started(...parameters)
  let n = 0
  // Streams that speak all day.
  for (let hour = 0; hour < 23; hour++) {
    for (let i = 0; i < 72; i++) {
      say(run.links.last, ['a', ++n], ['b', n])
      await run.clock.pass(50_000)
    }
  }
  expect(run.links.links).toHaveLength(2)
  const [old, next] = run.links.links as [ScriptedLink, ScriptedLink]
  next.accept()
  acknowledge(next)
  run.passed.length = 0
  return { ...run, old, next, n }
}

describe('the successor', () => {
  it('takes over when it has delivered every stream, and everything comes once and in order', async () => {
    const { old, next, n, passed, told } = await overlapping()
    // It is ahead of the old one on b, and behind it on a.
    say(next, ['b', n + 1], ['b', n + 2])
    say(old, ['a', n + 1], ['a', n + 2])
    expect(old.isOver).toBe(false)
    say(next, ['a', n + 1])
    expect(old.isOver).toBe(false)
    say(old, ['b', n + 1])
    expect(old.isOver).toBe(true)
    say(old, ['b', n + 2])
    // What the old one told before is not passed on again.
    say(next, ['a', n + 2], ['a', n + 3], ['b', n + 3])
    expect(passed.filter((one) => one.startsWith('a'))).toEqual([
      `a${n + 1}`,
      `a${n + 2}`,
      `a${n + 3}`,
    ])
    expect(passed.filter((one) => one.startsWith('b'))).toEqual([
      `b${n + 1}`,
      `b${n + 2}`,
      `b${n + 3}`,
    ])
    expect(told).toEqual(['up'])
    next.drop()
    expect(told).toHaveLength(2)
  })

  it('of a successor does not take over while it is being dialed', async () => {
    const { old, next, n, clock, told, links } = await overlapping()
    for (const one of [next, old]) say(one, ['a', n + 1], ['b', n + 1])
    expect(old.isOver).toBe(true)
    for (let i = 2; links.links.length < 3; i++) {
      say(next, ['a', n + i], ['b', n + i])
      await clock.pass(50_000)
    }
    say(next, ['a', 9_999_999], ['b', 9_999_999])
    expect(next.isOver).toBe(false)
    expect(told).toEqual(['up'])
  })

  it('that does not deliver a stream is given up; the old one goes on', async () => {
    const { old, next, n, clock, told, passed, links } = await overlapping()
    for (let i = 1; i <= 65; i++) {
      say(next, ['a', n + i])
      say(old, ['a', n + i], ['b', n + i])
      await clock.pass(1000)
    }
    expect(next.isOver).toBe(true)
    expect(old.isOver).toBe(false)
    expect(passed).toHaveLength(130)
    await clock.pass(50_000)
    say(old, ['a', n + 66], ['b', n + 66])
    await clock.pass(15_000)
    expect(links.links).toHaveLength(3)
    expect(told).toEqual(['up'])
  })

  it('is not waited for where neither has anything to say', async () => {
    const { old, next, n, clock, told, passed } = await overlapping(['a', 'b'], (stream) =>
      stream === 'a' ? 60_000 : 100 * HOUR,
    )
    for (let i = 1; i <= 30; i++) {
      for (const one of [old, next]) say(one, ['a', n + i])
      await clock.pass(1000)
    }
    expect(old.isOver).toBe(false)
    expect(passed).toHaveLength(30)
    expect(told).toEqual(['up'])
  })

  it('takes over at once when the old one is lost, which is told', async () => {
    const { old, next, n, passed, told, links } = await overlapping()
    say(next, ['a', n + 1], ['b', n + 1])
    old.drop(1001)
    say(next, ['a', n + 2])
    expect(told).toEqual(['up', expect.stringContaining('1001'), 'up'])
    expect(passed).toEqual([`a${n + 1}`, `b${n + 1}`, `a${n + 2}`])
    expect(links.links).toHaveLength(2)
  })
})
