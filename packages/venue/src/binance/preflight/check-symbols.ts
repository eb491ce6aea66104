import type { Instrument } from '@tapedeck/contracts'
import { dec } from '@tapedeck/core'
import type { VenueInstrument } from '../../port/index.ts'
import { readLeverageMax, readSetting } from '../trading/index.ts'
import { fail, pass, skip, unanswered, warn, type PreflightFinding } from './finding.ts'
import type { PreflightDesk } from './preflight-options.ts'

/** Symbols on which something stands: their margin type cannot be changed. */
export type BusySymbols = ReadonlySet<string>

const same = (a: string, b: string): boolean => dec(a).eq(dec(b))

const GRID = [
  ['tick_size', 'tick size'],
  ['lot_size', 'lot size'],
] as const
/** Ours may be stricter than the venue's, never more lenient. */
const LEAST = [
  ['min_quantity', 'least quantity'],
  ['min_notional', 'least notional'],
] as const

const judgeFilters = (ours: Instrument, theirs: VenueInstrument): PreflightFinding => {
  const name = `${ours.symbol} filters`
  const told = (field: 'tick_size' | 'lot_size' | 'min_quantity' | 'min_notional', what: string) =>
    `${what} ${ours[field]}, the venue's is ${theirs[field]}`
  const wrong = [
    ...GRID.filter(([field]) => !same(ours[field], theirs[field])),
    ...LEAST.filter(([field]) => dec(ours[field]).lt(dec(theirs[field]))),
  ]
  if (wrong.length > 0)
    return fail(
      name,
      wrong.map(([field, what]) => told(field, what)).join('; '),
      `Set ${wrong.map(([field]) => `${field}: '${theirs[field]}'`).join(', ')} for ${ours.symbol} in the trading configuration.`,
    )
  const strict = LEAST.filter(([field]) => dec(ours[field]).gt(dec(theirs[field])))
  if (strict.length > 0)
    return warn(
      name,
      strict.map(([field, what]) => told(field, what)).join('; '),
      'Nothing, if that is meant: smaller trades than the venue takes are not taken here.',
    )
  return pass(
    name,
    `tick ${theirs.tick_size}, lot ${theirs.lot_size}, least ${theirs.min_quantity} and ${theirs.min_notional} ${theirs.quote_asset}, as configured`,
  )
}

const judgeTriggerProtect = (symbol: string, share: string | null): PreflightFinding => {
  const name = `${symbol} trigger protect`
  return share === null
    ? warn(
        name,
        'the venue does not say how far mark and last price may part',
        'Nothing: stops are sent without price protection, and trigger whatever the two do.',
      )
    : pass(
        name,
        `${dec(share).times(100).toString()} % between mark and last price; stops are sent without price protection`,
      )
}

const judgeLeverage = (
  symbol: string,
  now: number | null,
  most: number | null,
  wanted: number,
): PreflightFinding => {
  const name = `${symbol} leverage`
  if (most !== null && wanted > most)
    return fail(
      name,
      `configured ${wanted}, the venue's most is ${most}`,
      `Set execution.leverage to ${most} or less.`,
    )
  if (now === wanted) return pass(name, `${wanted}, as configured`)
  return warn(
    name,
    `${now ?? 'not told'} at the venue, configured ${wanted}`,
    'Nothing: execution sets it before it trades. Whoever set it otherwise may set it back.',
  )
}

const judgeMarginType = (
  symbol: string,
  now: string | null,
  wanted: string,
  isBusy: boolean,
): PreflightFinding => {
  const name = `${symbol} margin type`
  if (now === wanted) return pass(name, `${wanted}, as configured`)
  const told = `${now ?? 'not told'} at the venue, configured ${wanted}`
  return isBusy
    ? fail(
        name,
        `${told}; it cannot be changed while there is a position or an order`,
        `Close what is open in ${symbol}, or set execution.margin_type to ${now ?? 'what it is'}.`,
      )
    : warn(name, told, 'Nothing: execution sets it before it trades.')
}

/** One configured instrument as it is listed. `theirs` undefined: it is not, or `unreadable` says why it cannot be read. */
export const judgeListing = (
  ours: Instrument,
  theirs: VenueInstrument | undefined,
  triggerProtect: string | null,
  unreadable: string | null,
): readonly PreflightFinding[] => {
  const name = `${ours.symbol} status`
  if (theirs === undefined && unreadable !== null)
    return [
      fail(
        name,
        `what the venue says about it cannot be read: ${unreadable}`,
        'Trade another symbol: this one would be left out. It is worth a report.',
      ),
    ]
  if (theirs === undefined)
    return [
      fail(
        name,
        'the venue does not list it',
        `Correct the symbol, or take ${ours.symbol} of binance-usdm out of the trading configuration.`,
      ),
    ]
  const status =
    theirs.status === 'TRADING'
      ? pass(name, 'TRADING')
      : fail(
          name,
          theirs.status,
          'Wait until the venue trades it again (maintenance, a settlement), or take it out of the trading configuration.',
        )
  return [status, judgeFilters(ours, theirs), judgeTriggerProtect(ours.symbol, triggerProtect)]
}

/** How the account is set for one symbol. */
export const checkSetting = async (
  { rest, plan }: PreflightDesk,
  symbol: string,
  busy: BusySymbols | null,
): Promise<readonly PreflightFinding[]> => {
  const setting = await rest.ask(
    'fapiPrivateGetSymbolConfig',
    { symbol },
    'entry',
    readSetting(symbol),
  )
  if (setting.outcome === 'unknown')
    return [
      unanswered(`${symbol} margin type`, setting.detail),
      skip(`${symbol} leverage`, 'the line above'),
    ]
  const most = await rest.ask(
    'fapiPrivateGetLeverageBracket',
    { symbol },
    'entry',
    readLeverageMax(symbol),
  )
  const { marginType = null, leverage = null } = setting.value ?? {}
  return [
    judgeMarginType(symbol, marginType, plan.marginType, busy === null || busy.has(symbol)),
    most.outcome === 'unknown'
      ? unanswered(`${symbol} leverage`, most.detail)
      : judgeLeverage(symbol, leverage, most.value, plan.leverage),
  ]
}
