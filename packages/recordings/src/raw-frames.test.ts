import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { openRecording } from './open-recording.ts'

const instrument = testInstrument()

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** As the venue has sent since 2026: `st` and `ps` everywhere, `nq` in prints, `ap` in marks. */
const FRAMES = [
  '{"lastUpdateId":156,"E":100,"T":100,"bids":[["59999.9","1"]],"asks":[["60000.1","2"]]}',
  '{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":110,"T":109,"s":"BTCUSDT","ps":"BTCUSDT","st":1,"U":157,"u":160,"pu":149,"b":[["60000.0","10"]],"a":[["60000.2","0.5"]]}}',
  '{"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":160,"E":110,"T":109,"s":"BTCUSDT","ps":"BTCUSDT","b":"60000.00","B":"10","a":"60000.10","A":"2","st":1}}',
  '{"stream":"btcusdt@aggTrade","data":{"e":"aggTrade","E":120,"a":5933014,"s":"BTCUSDT","p":"60000.1","q":"0.100","nq":"0.080","f":100,"l":105,"T":119,"m":true,"st":1}}',
  '{"stream":"btcusdt@markPrice@1s","data":{"e":"markPriceUpdate","E":130,"s":"BTCUSDT","p":"60000.15000000","ap":"60000.20000000","i":"59990.62659091","P":"59990.25641265","r":"0.00038167","T":1562306400000,"st":1}}',
  '{"stream":"btcusdt@forceOrder","data":{"e":"forceOrder","E":131,"o":{"s":"BTCUSDT"},"st":1}}',
]

it('frames with fields that the venue added are read, and those of other streams passed over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'frames-'))
  folders.push(folder)
  const file = join(folder, 'live.ws.gz')
  const lines = FRAMES.map((frame, i) => `${1_700_000_000_000_000 + i} ${frame}\n`)
  await writeFile(file, gzipSync(lines.join('')))
  const recording = await openRecording({ files: [file], instruments: [instrument] })
  const events: MarketEvent[] = []
  for await (const some of recording.events()) events.push(...some)
  expect(events).toMatchObject([
    { kind: 'depth', snapshot: true, lastId: 156 },
    { kind: 'depth', snapshot: false, previousId: 149, bidTicks: [600_000], askLots: [500] },
    { kind: 'quote', updateId: 160, askTicks: 600_001 },
    { kind: 'trade', id: 5_933_014, quantityLots: 100, maker: 1, excluded: false },
    { kind: 'mark', markPrice: 60_000.15, fundingRate: 0.00038167 },
  ])
})
