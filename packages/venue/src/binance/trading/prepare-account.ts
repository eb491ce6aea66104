import { known, type AccountSetup, type SetupAnswer, type VenueResult } from '../../port/index.ts'
import { AnswerFields, fieldsOfAll, type CallName, type CallParameters } from '../rest/index.ts'
import { readExchangeInfo } from '../read-exchange-info.ts'
import type { VenueDesk } from './venue-desk.ts'

type Setting = { readonly marginType: string; readonly leverage: number }

const readAccount = (body: unknown) => {
  const fields = new AnswerFields(body, 'accountConfig')
  return {
    canTrade: fields.flag('canTrade'),
    isHedged: fields.flag('dualSidePosition'),
    isMultiAsset: fields.has('multiAssetsMargin') && fields.flag('multiAssetsMargin'),
  }
}

/** Margin types have other spellings where positions are asked about. */
const MARGIN_TYPES: Readonly<Record<string, string>> = {
  CROSSED: 'CROSSED',
  CROSS: 'CROSSED',
  cross: 'CROSSED',
  ISOLATED: 'ISOLATED',
  isolated: 'ISOLATED',
}

/** How a symbol is set; null when the venue does not say. */
export const readSetting =
  (symbol: string) =>
  (body: unknown): Setting | null => {
    const rows = fieldsOfAll(body, 'symbolConfig')
    const row = rows.find((fields) => fields.text('symbol') === symbol)
    if (row === undefined) return null
    return { marginType: row.word('marginType', MARGIN_TYPES), leverage: row.whole('leverage') }
  }

/** The most leverage that a position of any size may have there. */
export const readLeverageMax =
  (symbol: string) =>
  (body: unknown): number | null => {
    const rows = fieldsOfAll(Array.isArray(body) ? body : [body], 'leverageBracket')
    const row = rows.find((fields) => fields.text('symbol') === symbol)
    if (row === undefined) return null
    const brackets = fieldsOfAll(row.list('brackets'), `${symbol}.brackets`)
    return Math.max(...brackets.map((bracket) => bracket.whole('initialLeverage')))
  }

/** Changes a setting. Null when it is so now, else the reason why not. */
const change = async (
  { rest }: VenueDesk,
  name: CallName,
  parameters: CallParameters,
  read: (fields: AnswerFields) => string | null,
): Promise<VenueResult<string | null>> => {
  const outcome = await rest.call(name, parameters, 'entry')
  if (outcome.kind === 'unknown') return { outcome: 'unknown', detail: outcome.detail }
  if (outcome.kind === 'refused')
    return known(outcome.consequence === 'unchanged' ? null : `${outcome.code} ${outcome.reason}`)
  return rest.read(name, outcome.body, (body) => read(new AnswerFields(body, 'answer')))
}

/** One symbol: what keeps it from being traded as configured. */
const prepareSymbol = async (
  desk: VenueDesk,
  symbol: string,
  setup: AccountSetup,
): Promise<VenueResult<readonly string[]>> => {
  const { rest } = desk
  const max = await rest.ask(
    'fapiPrivateGetLeverageBracket',
    { symbol },
    'entry',
    readLeverageMax(symbol),
  )
  if (max.outcome === 'unknown') return max
  if (max.value !== null && setup.leverage > max.value)
    return known([`${symbol}: leverage ${setup.leverage} is more than the venue's ${max.value}`])
  const now = await rest.ask('fapiPrivateGetSymbolConfig', { symbol }, 'entry', readSetting(symbol))
  if (now.outcome === 'unknown') return now
  const problems: string[] = []
  if (now.value?.marginType !== setup.marginType) {
    const parameters = { symbol, marginType: setup.marginType }
    const changed = await change(desk, 'fapiPrivatePostMarginType', parameters, (answer) => {
      const code = answer.whole('code')
      return code === 200 ? null : `the venue says ${code}`
    })
    if (changed.outcome === 'unknown') return changed
    if (changed.value !== null)
      problems.push(
        `${symbol}: margin type is not ${setup.marginType} and cannot be changed: ${changed.value}`,
      )
  }
  if (now.value?.leverage !== setup.leverage) {
    const parameters = { symbol, leverage: setup.leverage }
    const changed = await change(desk, 'fapiPrivatePostLeverage', parameters, (answer) => {
      const leverage = answer.whole('leverage')
      return leverage === setup.leverage ? null : `the venue says ${leverage}`
    })
    if (changed.outcome === 'unknown') return changed
    if (changed.value !== null)
      problems.push(
        `${symbol}: leverage is not ${setup.leverage} and cannot be changed: ${changed.value}`,
      )
  }
  return known(problems)
}

/**
 * Checks and sets the account: keys, permission, one-way mode, and for each symbol status, margin type and
 * leverage. What the venue refuses is a problem with its reason; what it does not answer makes it unknown.
 */
export const prepareAccount = async (
  desk: VenueDesk,
  setup: AccountSetup,
): Promise<VenueResult<SetupAnswer>> => {
  const { rest } = desk
  const outcome = await rest.call('fapiPrivateGetAccountConfig', {}, 'entry')
  if (outcome.kind === 'unknown') return { outcome: 'unknown', detail: outcome.detail }
  if (outcome.kind === 'refused') {
    const { code, reason, mayRetry } = outcome
    return mayRetry
      ? { outcome: 'unknown', detail: `${code} ${reason}` }
      : known({ problems: [`the venue refuses this key: ${code} ${reason}`] })
  }
  const account = rest.read('fapiPrivateGetAccountConfig', outcome.body, readAccount)
  if (account.outcome === 'unknown') return account
  const { canTrade, isHedged, isMultiAsset } = account.value
  const problems: string[] = []
  if (!canTrade) problems.push('the venue does not let this account trade')
  if (isHedged)
    problems.push(
      'the account is in hedge mode: set one-way mode at the venue, which is not changed from here',
    )
  if (isMultiAsset && setup.marginType === 'ISOLATED')
    problems.push('the account is in multi-assets mode, which has no isolated margin')
  if (problems.length > 0) return known({ problems })
  const info = await rest.ask('fapiPublicGetExchangeInfo', {}, 'entry', readExchangeInfo)
  if (info.outcome === 'unknown') return info
  rest.limiter.setLimits(info.value.limits)
  for (const symbol of setup.symbols) {
    const status = info.value.instruments.get(symbol)?.status
    if (status !== 'TRADING') {
      problems.push(
        `${symbol}: ${status === undefined ? 'the venue does not list it' : `status is ${status}`}`,
      )
      continue
    }
    const some = await prepareSymbol(desk, symbol, setup)
    if (some.outcome === 'unknown') return some
    problems.push(...some.value)
  }
  return known({ problems })
}
