import { setTimeout as sleep } from 'node:timers/promises'
import { SERVICES } from '@tapedeck/contracts'
import type { RunState } from '../playback/index.ts'
import { type Services, notReady } from '../session/index.ts'
import { type StatusLine, count, utc } from '../terminal/index.ts'

const LOOK_MS = 1_000

interface SessionView {
  readonly session: { readonly status: string; readonly equity: string } | null
  readonly trading_state: { readonly state: string } | null
}
interface PositionsView {
  readonly data: readonly { readonly side: string }[]
}

const orNull = async <T>(asked: Promise<T>): Promise<T | null> => await asked.catch(() => null)

const marketText = (run: RunState | null): string => {
  if (run === null) return 'ingest does not answer'
  if (run.phase === 'idle') return 'no market yet'
  const trades = Object.values(run.counts).reduce((sum, one) => sum + one.trades, 0)
  const time = run.market_time === null ? 'no data yet' : utc(run.market_time)
  const end = run.phase === 'playing' ? '' : ` (${run.phase})`
  return `market ${time}${end} · ${count(trades)} trades`
}

/** One look at the session, in a line. */
const lookAt = async (services: Services): Promise<string> => {
  const [run, risk, positions, waiting] = await Promise.all([
    orNull(services.client('ingest').get<RunState>('/v1/run')),
    orNull(services.client('risk').get<SessionView>('/v1/session')),
    orNull(services.client('execution').get<PositionsView>('/v1/positions')),
    notReady(services),
  ])
  const parts = [marketText(run)]
  if (risk?.trading_state != null) parts.push(risk.trading_state.state)
  if (risk?.session != null)
    parts.push(`session ${risk.session.status}`, `equity ${Number(risk.session.equity).toFixed(2)}`)
  if (positions !== null)
    parts.push(`${positions.data.filter(({ side }) => side !== 'FLAT').length} open`)
  parts.push(`${SERVICES.length - waiting.length}/${SERVICES.length} ready`)
  return parts.join(' · ')
}

/** Shows the line until the signal. */
export const watchSession = async (
  services: Services,
  line: StatusLine,
  signal: AbortSignal,
): Promise<void> => {
  while (!signal.aborted) {
    const text = await lookAt(services)
    if (!signal.aborted) line.show(text)
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}
