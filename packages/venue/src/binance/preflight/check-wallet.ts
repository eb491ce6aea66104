import { dec, type Dec } from '@tapedeck/core'
import { fieldsOfAll, type VenueLimits } from '../rest/index.ts'
import { fail, pass, unanswered, warn, type PreflightFinding } from './finding.ts'
import type { PreflightDesk, PreflightPlan } from './preflight-options.ts'

type Wallet = { readonly asset: string; readonly wallet: Dec; readonly available: Dec }

const readWallets = (body: unknown): readonly Wallet[] =>
  fieldsOfAll(body, 'balance').map((fields) => ({
    asset: fields.text('asset'),
    wallet: dec(fields.decimal('balance')),
    available: dec(fields.decimal('availableBalance')),
  }))

const least = (a: Dec, b: Dec): Dec => (a.lt(b) ? a : b)
const greatest = (a: Dec, b: Dec): Dec => (a.gt(b) ? a : b)

const judgeWallet = (
  asset: string,
  found: Wallet | undefined,
  plan: PreflightPlan,
): PreflightFinding => {
  const name = `wallet ${asset}`
  const instruments = plan.instruments.filter(({ quote_asset }) => quote_asset === asset)
  const smallest = instruments
    .map(({ min_notional }) => greatest(dec(min_notional), dec(plan.minPositionQuote)))
    .reduce((a, b) => least(a, b))
  const needed = smallest.div(plan.leverage)
  const available = found?.available ?? dec(0)
  const told = `${available.toString()} ${asset} available`
  if (available.lt(needed) || available.isZero())
    return fail(
      name,
      `${told}; the smallest position of ${smallest.toString()} takes ${needed.toString()} at leverage ${plan.leverage}`,
      `Move ${asset} into the futures wallet.`,
    )
  const largest = least(
    dec(plan.maxPositionQuote),
    (found?.wallet ?? dec(0)).times(plan.riskLeverage),
  )
  const margin = largest.div(plan.leverage)
  if (margin.gt(available))
    return warn(
      name,
      `${told}; risk allows a position of ${largest.toString()}, which takes ${margin.toString()} at leverage ${plan.leverage}`,
      `Set risk.max_leverage or risk.max_position_quote lower, or execution.leverage higher: the venue refuses such an entry (-2019).`,
    )
  return pass(
    name,
    `${told}; the largest position that risk allows, ${largest.toString()}, takes ${margin.toString()}`,
  )
}

/** One line for each asset that is needed as margin. */
export const checkWallet = async ({
  rest,
  plan,
}: PreflightDesk): Promise<readonly PreflightFinding[]> => {
  const wallets = await rest.ask('fapiPrivateV3GetBalance', {}, 'entry', readWallets)
  const assets = [...new Set(plan.instruments.map(({ quote_asset }) => quote_asset))]
  return assets.map((asset) =>
    wallets.outcome === 'unknown'
      ? unanswered(`wallet ${asset}`, wallets.detail)
      : judgeWallet(
          asset,
          wallets.value.find((one) => one.asset === asset),
          plan,
        ),
  )
}

const USED_WARN = 0.5
const USED_FAIL = 0.9

/** What others at this address leave of the request weight. */
export const judgeLimits = (
  usedWeight: number,
  { weightPerMinute }: VenueLimits,
): PreflightFinding => {
  const name = 'limits'
  const share = usedWeight / weightPerMinute
  const told = `others at this address use ${usedWeight} of ${weightPerMinute} a minute`
  const fix =
    'Find out what else asks the venue from this address, and stop it: a session asks for about 100 a minute, more after a lost connection.'
  if (share >= USED_FAIL) return fail(name, told, fix)
  return share >= USED_WARN ? warn(name, told, fix) : pass(name, told)
}
