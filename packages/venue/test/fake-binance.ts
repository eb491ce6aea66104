import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Instrument } from '@tapedeck/contracts'
import { GeneratedMarket, type DepthEvent, type TradeEvent } from '@tapedeck/core'
import { WebSocketServer, type WebSocket } from 'ws'
import { MarketFrameWriter } from '../src/binance/index.ts'

/**
 * Public market data as Binance serves it, on localhost, fed by the generated market: both routes, the
 * REST it takes to repair, and a switch for each way in which streams go wrong.
 */
export class FakeBinance {
  readonly market: GeneratedMarket
  readonly #instrument: Instrument
  readonly #writer: MarketFrameWriter
  readonly #trades: TradeEvent[] = []
  readonly #http: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #clients = new Map<WebSocket, string[]>()
  /** Streams that are accepted and never delivered. */
  readonly silent = new Set<string>()
  /** How many of the next messages of a stream are lost, or sent twice. */
  readonly lose = new Map<string, number>()
  readonly repeat = new Map<string, number>()
  failRest = false
  snapshots = 0
  connections = 0

  constructor(instrument: Instrument) {
    this.#instrument = instrument
    this.market = new GeneratedMarket({
      instrument,
      seed: 9,
      startTime: Math.floor(Date.now() / 1000) * 1000,
      startPrice: '60000',
      tradesPerSecond: 30,
    })
    this.#writer = new MarketFrameWriter(instrument)
    this.#writer.restSnapshot(this.market.bookSnapshot())
    this.#http = createServer((request, response) => this.#answer(request, response))
    this.#http.on('upgrade', (request, socket, head) => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const route = url.pathname.split('/')[1]!
      this.#sockets.handleUpgrade(request, socket, head, (client) => {
        this.connections++
        const served: string[] = []
        this.#clients.set(client, served)
        client.on('message', (data: Buffer) => {
          const { id, params } = JSON.parse(data.toString('utf8')) as {
            id: number
            params: string[]
          }
          // A stream on the wrong route is accepted and silent, as at the venue.
          served.push(...params.filter((name) => name.includes('@depth') === (route === 'public')))
          client.send(JSON.stringify({ result: null, id }))
        })
        client.on('close', () => this.#clients.delete(client))
      })
    })
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => {
      this.#http.listen(0, '127.0.0.1', resolve)
    })
    return (this.#http.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    for (const client of this.#clients.keys()) client.terminate()
    this.#http.closeAllConnections()
    await new Promise((resolve) => {
      this.#http.close(resolve)
    })
  }

  get tradesMade(): number {
    return this.#trades.length
  }

  get lastTradeId(): number {
    return this.#trades.at(-1)?.id ?? 0
  }

  drop(): void {
    for (const client of this.#clients.keys()) client.terminate()
  }

  /** Lets 100 ms of market happen and sends what the streams carry. */
  step(): void {
    for (const event of this.market.next()) {
      if (event.kind === 'trade') this.#trades.push(event)
      for (const frame of this.#writer.frames(event))
        this.#send(frame.stream, JSON.stringify(frame))
    }
  }

  #send(stream: string, text: string): void {
    if (this.silent.has(stream)) return
    if (this.#spend(this.lose, stream)) return
    const copies = this.#spend(this.repeat, stream) ? 2 : 1
    for (const [client, streams] of this.#clients)
      if (streams.includes(stream)) for (let i = 0; i < copies; i++) client.send(text)
  }

  #spend(budget: Map<string, number>, stream: string): boolean {
    const left = budget.get(stream) ?? 0
    if (left > 0) budget.set(stream, left - 1)
    return left > 0
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const body = this.failRest ? null : this.#rest(url)
    response.statusCode = body === null ? 503 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body ?? { code: -1000, msg: 'Service Unavailable.' }))
  }

  #rest(url: URL): unknown {
    switch (url.pathname) {
      case '/fapi/v1/ping':
        return {}
      case '/fapi/v1/depth':
        this.snapshots++
        return this.#snapshot(this.market.bookSnapshot())
      case '/fapi/v1/aggTrades': {
        const from = Number(url.searchParams.get('fromId'))
        const limit = Math.min(1000, Number(url.searchParams.get('limit') ?? 500))
        const start = this.#trades.findIndex(({ id }) => id >= from)
        const page = start < 0 ? [] : this.#trades.slice(start, start + limit)
        return page.flatMap((trade) => this.#writer.frames(trade).map(({ data }) => data))
      }
      case '/fapi/v1/exchangeInfo':
        return { symbols: [this.#exchangeInfo()] }
      default:
        return null
    }
  }

  /** A writer of its own: the stream's book must not be disturbed by a snapshot. */
  #snapshot(event: DepthEvent): unknown {
    return new MarketFrameWriter(this.#instrument).restSnapshot(event)
  }

  #exchangeInfo(): unknown {
    return {
      symbol: 'BTCUSDT',
      status: 'TRADING',
      contractType: 'PERPETUAL',
      baseAsset: 'BTC',
      quoteAsset: 'USDT',
      pricePrecision: 2,
      quantityPrecision: 3,
      filters: [
        { filterType: 'PRICE_FILTER', minPrice: '261.10', maxPrice: '809484', tickSize: '0.10' },
        { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '1000', stepSize: '0.001' },
        { filterType: 'MIN_NOTIONAL', notional: '100' },
      ],
    }
  }
}
