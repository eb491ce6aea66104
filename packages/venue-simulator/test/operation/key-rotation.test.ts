import { describe, expect, it } from '@jest/globals'
import { OperationStage, entry, keyPair, stopOf } from './operation-stage.ts'

const ORDER = 'POST /fapi/v1/order'
const open = (): Promise<OperationStage> => new OperationStage().open()

const conditionals = ({ sim }: OperationStage): string[] =>
  sim.exchange.openConditionals('main', 'BTCUSDT').map(({ clientAlgoId }) => clientAlgoId)

describe('a key that is revoked while positions are open', () => {
  it('holds entries back unsent, says so, and leaves what rests at the venue', async () => {
    const stage = await open()
    await stage.submit(entry('e1'))
    await stage.submit(stopOf('s1', '59000'))
    stage.revoke(keyPair('first'))

    const refused = await stage.submit(entry('e2'))
    expect(refused).toMatchObject({ value: { accepted: false, code: '-2015', next: 'stop' } })
    const sent = stage.sent(ORDER)
    const held = await stage.submit(entry('e3'))
    expect(held).toMatchObject({
      value: {
        accepted: false,
        code: 'KEY_REFUSED',
        next: 'stop',
        reason: expect.stringContaining('entries are held back: -2015'),
      },
    })
    expect(stage.sent(ORDER)).toBe(sent)
    expect(stage.adapter.keyProblem).toContain('-2015')
    expect(stage.log).toContain('the venue refuses the key: no entry is sent')

    expect(conditionals(stage)).toEqual(['s1'])
    // The stop works without us.
    stage.quote(58_900)
    await stage.clock.pass(100)
    expect(stage.sim.exchange.positions('main', { symbol: 'BTCUSDT' })).toEqual([])
  })

  it('goes on trying whatever lowers risk', async () => {
    const stage = await open()
    await stage.submit(entry('e1'))
    stage.revoke(keyPair('first'))
    await stage.submit(entry('e2'))
    const before = stage.sent(ORDER)
    await stage.submit({ ...entry('x1'), side: 'SELL', reduceOnly: true })
    expect(stage.sent(ORDER)).toBe(before + 1)
    await stage.submit(stopOf('s1', '59000'))
    expect(stage.sent('POST /fapi/v1/algoOrder')).toBe(1)
    await stage.clock.during(
      stage.adapter.cancelOrder({ symbol: 'BTCUSDT', clientOrderId: 'e1', conditional: false }),
    )
    expect(stage.sent('DELETE /fapi/v1/order')).toBe(1)
  })

  it('takes the key that was put into its place, without a restart', async () => {
    const stage = await open()
    stage.revoke(keyPair('first'))
    stage.inFiles = keyPair('second')
    // A question is put again at once, with the new key.
    const balances = await stage.clock.during(stage.adapter.balances())
    expect(balances).toMatchObject({ outcome: 'known' })
    expect(stage.adapter.keyProblem).toBeNull()
    expect(await stage.submit(entry('e1'))).toMatchObject({ value: { accepted: true } })
    expect(stage.log).toContain('another key was found')
    for (const letter of ['first', 'second']) {
      expect(stage.log).not.toContain(keyPair(letter).apiKey.reveal())
      expect(stage.log).not.toContain(keyPair(letter).secret.reveal())
    }
  })

  it('finds it although nothing is asked meanwhile, and stops looking when it is closed', async () => {
    const stage = await open()
    stage.revoke(keyPair('first'))
    await stage.submit(entry('e1'))
    await stage.clock.pass(60_000)
    expect(stage.adapter.keyProblem).toContain('-2015')
    stage.inFiles = keyPair('second')
    await stage.clock.pass(5_000)
    expect(stage.adapter.keyProblem).toBeNull()
    expect(await stage.submit(entry('e2'))).toMatchObject({ value: { accepted: true } })
    await stage.clock.during(stage.adapter.close())
  })

  it('leaves an order that met the old key to whoever decides, who may send it again', async () => {
    const stage = await open()
    stage.revoke(keyPair('first'))
    stage.inFiles = keyPair('second')
    const first = await stage.submit(entry('e1'))
    expect(first).toMatchObject({ value: { accepted: false, code: '-2015', next: 'retry' } })
    expect(stage.sent(ORDER)).toBe(1)
    expect(await stage.submit(entry('e2'))).toMatchObject({ value: { accepted: true } })
  })

  it('survives half of a pair, and files that cannot be read', async () => {
    const stage = await open()
    stage.revoke(keyPair('first'))
    stage.inFiles = { apiKey: keyPair('second').apiKey, secret: keyPair('first').secret }
    expect(await stage.clock.during(stage.adapter.balances())).toMatchObject({ outcome: 'unknown' })
    expect(stage.adapter.keyProblem).toContain('-1022')
    stage.inFiles = () => {
      throw new Error('BINANCE_API_SECRET_FILE /keys/secret: it cannot be read (ENOENT)')
    }
    await stage.clock.pass(3_000)
    await stage.clock.during(stage.adapter.balances())
    expect(stage.log).toContain('/keys/secret: it cannot be read (ENOENT)')
    stage.inFiles = keyPair('second')
    await stage.clock.pass(3_000)
    expect(await stage.clock.during(stage.adapter.balances())).toMatchObject({ outcome: 'known' })
  })

  it('is told of in time although nobody asks: the listen key needs it too', async () => {
    const stage = await open()
    stage.revoke(keyPair('first'))
    await stage.clock.pass(26 * 60_000)
    expect(stage.adapter.keyProblem).toContain('-2015')
    stage.inFiles = keyPair('second')
    await stage.clock.pass(2 * 60_000)
    expect(stage.adapter.keyProblem).toBeNull()
    expect(stage.heard.findLast(({ kind }) => kind === 'stream')).toMatchObject({
      state: 'up',
    })
  })
})

describe('a key that may no longer trade', () => {
  it('answers questions, which open nothing; one entry a minute finds out', async () => {
    const stage = await open()
    stage.revoke(keyPair('first'), 'trading')
    await stage.submit(entry('e1'))
    expect(await stage.clock.during(stage.adapter.balances())).toMatchObject({ outcome: 'known' })
    expect(stage.adapter.keyProblem).toContain('-2015')
    const sent = stage.sent(ORDER)
    for (let i = 0; i < 10; i++) {
      await stage.submit(entry(`held-${i}`))
      await stage.clock.pass(5_000)
    }
    expect(stage.sent(ORDER)).toBe(sent)
    await stage.clock.pass(15_000)
    stage.restore()
    expect(await stage.submit(entry('e2'))).toMatchObject({ value: { accepted: true } })
    expect(stage.adapter.keyProblem).toBeNull()
  })
})
