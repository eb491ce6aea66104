import { describe, expect, it } from '@jest/globals'
import { TestClock } from '../../courier/test-clock.fixture.ts'
import type { AccountEvent } from '../../port/account-event.ts'
import { known, unknown, type VenueResult } from '../../port/venue-result.ts'
import { accountUpdate, fillUpdate, orderUpdate } from './account-messages.fixture.ts'
import { AccountStreamClient } from './account-stream.ts'
import type { AccountStreamOptions, ListenKeyAnswer } from './account-stream-options.ts'
import { KeptLog, ScriptedLinks, type ScriptedLink } from './scripted-links.fixture.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const GONE = { listenKey: null, code: '-1125', reason: 'This listenKey does not exist.' }

/** A client, the venue's side of it, and what it told, in short. */
const start = (
  options: Partial<AccountStreamOptions> = {},
  answerCreate: VenueResult<ListenKeyAnswer> | null = null,
) => {
  const clock = new TestClock()
  const links = new ScriptedLinks()
  const log = new KeptLog()
  const told: AccountEvent[] = []
  const venue = {
    key: 'secret-key-1',
    created: 0,
    extended: 0,
    answerExtend: null as VenueResult<ListenKeyAnswer> | null,
    answerCreate,
  }
  const client = new AccountStreamClient({
    listenKeys: {
      create: () => {
        venue.created++
        return Promise.resolve(venue.answerCreate ?? known({ listenKey: venue.key }))
      },
      extend: () => {
        venue.extended++
        return Promise.resolve(venue.answerExtend ?? known({ listenKey: venue.key }))
      },
    },
    streamUrl: 'wss://venue',
    listener: (event) => told.push(event),
    clock,
    log,
    openLink: links.open,
    random: () => 1,
    ...options,
  })
  client.start()
  const short = (): string[] =>
    told.map((event) => {
      if (event.kind === 'stream') return event.state
      if (event.kind === 'order')
        return `${event.step} ${event.fill?.fillId ?? event.filledQuantity}`
      if (event.kind === 'unknown') return event.detail
      return event.kind === 'balance' ? event.cause : event.notice
    })
  const connect = async (): Promise<void> => {
    await clock.pass(0)
    links.last.accept()
  }
  return { client, clock, links, log, told, short, venue, connect }
}

describe('the listen key', () => {
  it('is asked for before the connection, and extended while it lives', async () => {
    const { links, venue, clock, connect, short, client } = start()
    await connect()
    expect(links.last.url).toBe('wss://venue/private/ws?listenKey=secret-key-1')
    await clock.pass(2 * HOUR)
    expect(venue).toMatchObject({ created: 1, extended: 4 })
    expect(client.alive.keptAt).toBe(clock.now() - 20 * MINUTE)
    expect(short()).toEqual(['up'])
  })

  it.each<[string, VenueResult<ListenKeyAnswer>]>([
    ['that is gone', known(GONE)],
    ['that is not ours any more', known({ listenKey: 'secret-key-2' })],
  ])('%s is replaced, and the connection with it', async (_name, answer) => {
    const { links, venue, clock, connect, short } = start()
    await connect()
    venue.answerExtend = answer
    venue.key = 'secret-key-2'
    await clock.pass(25 * MINUTE + 1000)
    links.last.accept()
    expect(links.links).toHaveLength(2)
    expect(links.links[0]!.isOver).toBe(true)
    expect(links.last.url).toContain('listenKey=secret-key-2')
    expect(short()).toEqual(['up', 'down', 'up'])
  })

  it('that expires is replaced although the socket stays open', async () => {
    const { links, venue, clock, connect, short } = start()
    await connect()
    venue.key = 'secret-key-2'
    links.last.say({ e: 'listenKeyExpired', E: 1, listenKey: 'secret-key-1' })
    await clock.pass(1000)
    links.last.accept()
    expect(links.last.url).toContain('secret-key-2')
    expect(short()).toEqual(['up', 'down', 'up'])
  })

  it('that nobody extends is tried again soon, and given up when it must be dead', async () => {
    const { links, venue, clock, connect, short } = start()
    await connect()
    venue.answerExtend = unknown('timeout')
    await clock.pass(30 * MINUTE)
    expect(venue.extended).toBeGreaterThan(5)
    expect(short()).toEqual(['up'])
    await clock.pass(31 * MINUTE)
    expect(short()).toEqual(['up', 'down'])
    expect(links.links.length).toBeGreaterThan(1)
  })

  it('that is refused is asked for again, ever more slowly, without a connection', async () => {
    const refused = known({ listenKey: null, code: '-2015', reason: 'Invalid API-key' })
    const { links, venue, clock, log, short } = start({}, refused)
    await clock.pass(10 * MINUTE)
    expect(links.links).toHaveLength(0)
    expect(venue.created).toBeGreaterThan(10)
    expect(venue.created).toBeLessThan(40)
    expect(log.text).toContain('-2015')
    expect(short()).toEqual([])
  })
})

describe('the connection', () => {
  it('that is lost comes back with a key that was asked for anew', async () => {
    const { links, venue, clock, connect, short } = start()
    await connect()
    links.last.drop(1001)
    await clock.pass(1000)
    links.last.accept()
    expect(venue.created).toBe(2)
    expect(short()).toEqual(['up', 'down', 'up'])
  })

  it('that is half open is found by a ping that nobody answers', async () => {
    const { links, clock, connect, told, short } = start()
    await connect()
    await clock.pass(HOUR)
    expect(short()).toEqual(['up'])
    links.last.answersPings = false
    await clock.pass(MINUTE)
    expect(short()).toEqual(['up', 'down'])
    expect(told.at(-1)).toMatchObject({ detail: expect.stringContaining('half open') })
    expect(links.links[0]!.isOver).toBe(true)
  })

  it('waits longer and longer, and as long as it takes where the venue bans', async () => {
    const { links, clock, connect } = start()
    await connect()
    links.last.drop()
    await clock.pass(500)
    expect(links.links).toHaveLength(2)
    links.last.drop(1006, 'Unexpected server response: 418')
    await clock.pass(29_000)
    expect(links.links).toHaveLength(2)
    await clock.pass(1000)
    expect(links.links).toHaveLength(3)
    links.last.drop(1006, 'Unexpected server response: 418')
    await clock.pass(59_000)
    expect(links.links).toHaveLength(3)
    await clock.pass(1000)
    expect(links.links).toHaveLength(4)
  })

  it('stops for good', async () => {
    const { links, clock, connect, client, venue } = start()
    await connect()
    await client.stop()
    await clock.pass(48 * HOUR)
    expect(links.links).toHaveLength(1)
    expect(links.last.isOver).toBe(true)
    expect(venue).toMatchObject({ created: 1, extended: 0 })
    expect(clock.timers).toBe(0)
  })
})

/** Both connections are open, 23 hours on. */
const overlapping = async () => {
  const run = start()
  await run.connect()
  await run.clock.pass(23 * HOUR)
  const [old, next] = run.links.links as [ScriptedLink, ScriptedLink]
  return { ...run, old, next }
}

describe('the successor', () => {
  it('takes over without a word, and nothing is lost or told twice', async () => {
    const { old, next, clock, short, links } = await overlapping()
    next.accept()
    for (const one of [old, next]) one.say(fillUpdate(1, '0.004'))
    next.say(accountUpdate())
    old.say(accountUpdate())
    next.say(accountUpdate())
    old.say(accountUpdate())
    await clock.pass(6000)
    expect(old.isOver).toBe(true)
    expect(links.links).toHaveLength(2)
    next.say(fillUpdate(2, '0.008'))
    await clock.pass(HOUR)
    expect(short()).toEqual(['up', 'filled BTCUSDT-1', 'ORDER', 'ORDER', 'filled BTCUSDT-2'])
  })

  it('is watched like the first one: its end is told, and another follows', async () => {
    const { next, clock, short, links } = await overlapping()
    next.accept()
    await clock.pass(6000)
    next.drop(1001)
    await clock.pass(1000)
    expect(links.links).toHaveLength(3)
    links.last.accept()
    expect(short()).toEqual(['up', 'down', 'up'])
    links.last.answersPings = false
    await clock.pass(MINUTE)
    expect(links.links.length).toBeGreaterThan(3)
  })

  it('takes over at once when the old one dies, and says so', async () => {
    const { old, next, short } = await overlapping()
    next.accept()
    for (const one of [next, old]) one.say(fillUpdate(1, '0.004'))
    next.say(fillUpdate(2, '0.008'))
    old.drop()
    expect(short()).toEqual(['up', 'filled BTCUSDT-1', 'down', 'up', 'filled BTCUSDT-2'])
  })

  it('takes over when the old one does not deliver what it delivers', async () => {
    const { old, next, clock, short } = await overlapping()
    next.accept()
    next.say(fillUpdate(1, '0.004'))
    await clock.pass(1500)
    expect(old.isOver).toBe(true)
    expect(short()).toEqual(['up', 'down', 'up', 'filled BTCUSDT-1'])
  })

  it('says so when the old one gives no sign of life while both are open', async () => {
    const { old, next, clock, short } = await overlapping()
    old.answersPings = false
    await clock.pass(1000)
    next.accept()
    await clock.pass(6000)
    expect(old.isOver).toBe(true)
    expect(short()).toEqual(['up', 'down', 'up'])
  })

  it('that fails leaves the old one in place, and is tried again', async () => {
    const { next, clock, short, links } = await overlapping()
    next.drop()
    await clock.pass(2 * MINUTE)
    expect(short()).toEqual(['up'])
    expect(links.links.length).toBeGreaterThan(2)
    expect(links.links[0]!.isOver).toBe(false)
  })
})

describe('messages', () => {
  it('a late NEW does not reopen what has filled, and no fill is told twice', async () => {
    const { links, connect, short, client } = start()
    await connect()
    const link = links.last
    link.say(fillUpdate(7, '0.010'))
    link.say(orderUpdate())
    link.say(fillUpdate(7, '0.010'))
    expect(short()).toEqual(['up', 'filled BTCUSDT-7'])
    expect(client.counts.dropped).toBe(2)
  })

  it('that cannot be read are logged without secrets, and what they said is asked for', async () => {
    const { links, clock, connect, log, short, client } = start()
    await connect()
    const link = links.last
    link.say('<html>secret-key-1</html>')
    link.say(orderUpdate({ x: 'SOMETHING', X: 'ELSE' }))
    link.say(orderUpdate({ q: {} }))
    await clock.pass(MINUTE)
    link.say(fillUpdate(1, '0.004'))
    expect(link.isOver).toBe(false)
    expect(client.counts.faults).toEqual({ not_json: 1, unreadable: 2 })
    expect(log.text).toContain('<html>***</html>')
    expect(log.text).not.toContain('secret-key')
    expect(short()).toEqual(['up', 'down', 'up', 'filled BTCUSDT-1'])
  })

  it('of no use are ignored, unknown ones logged and told as such, and the stream stays up', async () => {
    const { links, clock, connect, log, short, client } = start()
    await connect()
    const at = clock.now()
    links.last.say({ e: 'TRADE_LITE', E: 1, s: 'BTCUSDT', i: 1, t: 1 })
    links.last.say({ e: 'NEW_THING', E: 1, listenKey: 'secret-key-1' })
    await clock.pass(MINUTE)
    expect(short()).toEqual(['up', 'event "NEW_THING"'])
    expect(client.lastEventAt).toBe(at)
    expect(log.text).toContain('NEW_THING')
    expect(log.text).not.toContain('secret-key')
  })
})
