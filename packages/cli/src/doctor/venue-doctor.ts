import { liveSettings, type TradingConfig } from '@tapedeck/contracts'
import { loadTradingConfig } from '@tapedeck/runtime'
import {
  checkLiveTrading,
  keyProblem,
  LIVE_SETTINGS,
  readCredentials,
  runPreflight,
  type Credentials,
  type PreflightFinding,
  type PreflightPlan,
} from '@tapedeck/venue'
import { EXIT } from '../exit-codes.ts'
import { printLine, say, type Terminal } from '../terminal/index.ts'
import { printFindings } from './print-findings.ts'
import { networkProblem, venueTarget, type VenueTarget } from './venue-target.ts'

const VENUE = 'binance-usdm'

export interface VenueDoctorOptions {
  /** live, demo, custom or an address. */
  readonly venue: string
  readonly configPath: string
  /** How long streams have to deliver. */
  readonly waitSeconds: number
  readonly json: boolean
}

const planOf = (trading: TradingConfig): PreflightPlan => {
  const { leverage, margin_type: marginType } = liveSettings(trading.execution)
  const { max_leverage, min_position_quote, max_position_quote } = trading.risk
  return {
    instruments: trading.instruments.filter(({ venue }) => venue === VENUE),
    leverage,
    marginType,
    riskLeverage: max_leverage,
    minPositionQuote: min_position_quote,
    maxPositionQuote: max_position_quote,
  }
}

/** Keys that cannot be read are a finding like any other. */
const keysOf = (env: Terminal['env']): Credentials | PreflightFinding | null => {
  try {
    return readCredentials(env)
  } catch (error) {
    return {
      name: 'keys',
      result: 'fail',
      detail: (error as Error).message,
      fix: 'docs/runbooks/LiveTrading.md says how execution is given keys.',
    }
  }
}

const isFinding = (keys: Credentials | PreflightFinding | null): keys is PreflightFinding =>
  keys !== null && 'result' in keys

const judgeKeys = ({ apiKey, secret }: Credentials): readonly PreflightFinding[] =>
  (
    [
      [LIVE_SETTINGS.apiKey, apiKey, 'API key'],
      [LIVE_SETTINGS.secret, secret, 'secret'],
    ] as const
  ).flatMap(([name, key, role]) => {
    const problem = keyProblem(key, role)
    return problem === null
      ? []
      : [
          {
            name: 'keys',
            result: 'warn' as const,
            detail: `${name} ${problem}`,
            fix: 'Copy it anew from the venue. Real money is not traded with such a key.',
          },
        ]
  })

/** Whether a session started now, with this environment and configuration, would trade there. */
const judgeSettings = (
  trading: TradingConfig,
  target: VenueTarget,
  keys: Credentials | null,
  env: Terminal['env'],
): PreflightFinding => {
  const name = 'settings'
  const { venue } = liveSettings(trading.execution)
  const { account } = trading.execution
  const wrongNetwork = networkProblem(target, env)
  const answer = checkLiveTrading({
    venue: VENUE,
    network: target.setting,
    account,
    confirmation: env[LIVE_SETTINGS.confirmation] ?? null,
    credentials: keys,
  })
  const problems = [
    ...(venue === VENUE ? [] : [`${LIVE_SETTINGS.venue} is ${venue}: set ${VENUE}`]),
    ...(wrongNetwork === null ? [] : [wrongNetwork]),
    ...(answer.allowed ? [] : answer.refusals),
  ]
  if (problems.length > 0)
    return {
      name,
      result: 'warn',
      detail: `a session started like this would not trade there: ${problems.join('; ')}`,
      fix: 'Set them when all other lines are good: they are what lets orders go out.',
    }
  const money = target.setting === 'mainnet' ? `REAL MONEY of account ${account}` : 'play money'
  return {
    name,
    result: 'pass',
    detail: `a session started like this trades there, with ${money}`,
    fix: null,
  }
}

/**
 * Looks at a venue as execution would trade there. Reads alone. Exit code 3 when something would keep it
 * from trading well, 7 when the venue does not answer, 2 for an address that is none.
 */
export const runVenueDoctor = async (
  terminal: Terminal,
  { venue, configPath, waitSeconds, json }: VenueDoctorOptions,
): Promise<number> => {
  const { env } = terminal
  const target = venueTarget(venue, env)
  const trading = loadTradingConfig(configPath)
  const found = keysOf(env)
  const keys = isFinding(found) ? null : found
  if (!json)
    say(
      terminal,
      `Looking at ${venue}: nothing is placed, canceled or set. At most ${waitSeconds} s for the streams.`,
    )
  const findings: readonly PreflightFinding[] = [
    judgeSettings(trading, target, keys, env),
    ...(isFinding(found) ? [found] : []),
    ...(keys === null ? [] : judgeKeys(keys)),
    ...(await runPreflight({
      network: target.network,
      credentials: keys,
      plan: planOf(trading),
      streamMs: waitSeconds * 1000,
    })),
  ]
  const count = (result: PreflightFinding['result']): number =>
    findings.filter((one) => one.result === result).length
  const failed = count('fail')
  if (json) printLine(terminal, JSON.stringify({ ok: failed === 0, venue, findings }))
  else {
    printFindings(terminal, findings)
    say(
      terminal,
      failed === 0
        ? `Nothing would keep a session from trading there; ${count('warn')} warnings.`
        : `${failed} of ${findings.length} lines failed: do not trade there before they are good.`,
    )
  }
  const isReachable = findings.some(({ name, result }) => name === 'address' && result === 'pass')
  if (!isReachable) return EXIT.UNAVAILABLE
  return failed === 0 ? EXIT.OK : EXIT.CHECK_FAILED
}
