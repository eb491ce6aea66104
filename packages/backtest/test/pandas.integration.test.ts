import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import type { MarketEvent } from '@tapedeck/core'
import { testInstrument } from '@tapedeck/test-data'
import { TapeWriter } from '../src/index.ts'

const python = process.env['TAPEDECK_PYTHON'] ?? 'python3'
const hasPandas =
  spawnSync(python, ['-c', 'import pandas, pyarrow'], { stdio: 'ignore', timeout: 60_000 })
    .status === 0
const describeWithPandas = hasPandas ? describe : describe.skip

const folder = mkdtempSync(join(tmpdir(), 'tapedeck-pandas-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const BTC = testInstrument({ min_notional: '5' })
const START = Date.UTC(2024, 7, 8, 12)

const EVENTS: readonly MarketEvent[] = [
  {
    kind: 'depth',
    symbol: 'BTCUSDT',
    snapshot: true,
    firstId: 1,
    lastId: 9,
    previousId: null,
    time: null,
    bidTicks: [600_000, 599_999],
    bidLots: [5, 6],
    askTicks: [600_001],
    askLots: [7],
  },
  ...Array.from({ length: 70_000 }, (_, i): MarketEvent => ({
    kind: 'trade',
    symbol: 'BTCUSDT',
    id: 5_000_000_000 + i,
    priceTicks: 600_000 + (i % 10),
    quantityLots: 1 + (i % 3),
    time: START + i,
    maker: (i % 2) as 0 | 1,
    excluded: i === 7,
  })),
  {
    kind: 'mark',
    symbol: 'BTCUSDT',
    time: START + 70_000,
    markPrice: 60_000.25,
    indexPrice: null,
    fundingRate: 0.000_1,
    nextFundingTime: START + 14_400_000,
  },
]

/** A sum over the prints. */
const sum = (of: (i: number) => number): number =>
  Array.from({ length: 70_000 }, (_, i) => of(i)).reduce((a, b) => a + b, 0)

/** What a person would type, and what they would see. */
const PROGRAM = `
import json, sys
import pandas as pd
import pyarrow as pa
folder = sys.argv[1] + "/BTCUSDT/"
trades = pd.read_feather(folder + "trades-2024-08-08.arrow")
depth = pd.read_feather(folder + "depth-2024-08-08.arrow")
marks = pd.read_feather(folder + "marks-2024-08-08.arrow")
meta = {k.decode(): v.decode() for k, v in pa.ipc.open_file(folder + "trades-2024-08-08.arrow").schema.metadata.items()}
price = trades.price_ticks * float(meta["tick_size"])
with open(folder + "trades-2024-08-08.arrow", "rb") as file:
    file.read(8)
    streamed = len(pa.ipc.open_stream(file).read_all())
print(json.dumps({
    "rows": len(trades),
    "types": {name: str(kind) for name, kind in trades.dtypes.items()},
    "nulls": int(trades.isna().sum().sum()),
    "first": trades.iloc[0].astype(str).to_dict(),
    "order": [int(trades.order.iloc[0]), int(trades.order.iloc[-1]), bool(trades.order.is_monotonic_increasing)],
    "ids": [int(trades.id.iloc[0]), int(trades.id.iloc[-1])],
    "ticks": int(trades.price_ticks.sum()), "lots": int(trades.quantity_lots.sum()),
    "makers": int(trades.buyer_is_maker.sum()), "excluded": int(trades.excluded.sum()),
    "price": round(float(price.max()), 6), "meta": meta, "streamed": streamed,
    "bids": [int(tick) for tick in depth.bid_ticks.iloc[0]], "previous": bool(depth.previous_id.isna().iloc[0]),
    "mark": float(marks.mark_price.iloc[0]), "index": bool(marks.index_price.isna().iloc[0]),
    "next": marks.next_funding_time.iloc[0].isoformat(),
}))
`

describeWithPandas(
  'pandas (skipped where TAPEDECK_PYTHON, or python3, has no pandas and pyarrow)',
  () => {
    it('opens the files of a tape as they are', async () => {
      const output = join(folder, 'tape')
      const writer = await TapeWriter.create({ output, instruments: [BTC] })
      await writer.push(EVENTS)
      await writer.finish()
      const seen = JSON.parse(
        execFileSync(python, ['-c', PROGRAM, output], { encoding: 'utf8' }),
      ) as object
      expect(seen).toEqual({
        rows: 70_000,
        types: {
          order: 'int64',
          id: 'int64',
          price_ticks: 'int64',
          quantity_lots: 'int64',
          time: 'datetime64[ms, UTC]',
          buyer_is_maker: 'bool',
          excluded: 'bool',
        },
        nulls: 0,
        first: {
          order: '1',
          id: '5000000000',
          price_ticks: '600000',
          quantity_lots: '1',
          time: '2024-08-08 12:00:00+00:00',
          buyer_is_maker: 'False',
          excluded: 'False',
        },
        order: [1, 70_000, true],
        ids: [5_000_000_000, 5_000_069_999],
        ticks: sum((i) => 600_000 + (i % 10)),
        lots: sum((i) => 1 + (i % 3)),
        makers: 35_000,
        excluded: 1,
        price: 60_000.9,
        meta: {
          tapedeck_tape: '1',
          kind: 'trades',
          venue: 'binance-usdm',
          symbol: 'BTCUSDT',
          tick_size: '0.1',
          lot_size: '0.001',
        },
        streamed: 70_000,
        bids: [600_000, 599_999],
        previous: true,
        mark: 60_000.25,
        index: true,
        next: '2024-08-08T16:00:00+00:00',
      })
    })
  },
)
