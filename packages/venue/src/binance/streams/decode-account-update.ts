import { toDecimalString } from '@tapedeck/core'
import type { AccountNotice, BalanceEvent } from '../../port/account-event.ts'
import {
  decimalOf,
  decimalOrNull,
  fieldsOf,
  isFields,
  isZero,
  listOf,
  textOf,
  timeOf,
  wordsOf,
  type Fields,
} from './account-fields.ts'

/** Of several balances that changed there is no one amount; of one, or of zeros, there is. */
const changeOf = (balances: readonly Fields[]): string | null => {
  const changes = balances.map((balance) => decimalOrNull(balance, 'bc'))
  if (changes.length === 0 || changes.includes(null)) return null
  const moved = changes.filter((change) => change !== null && !isZero(change))
  if (moved.length > 1) return null
  return toDecimalString(moved[0] ?? '0')
}

const positionOf = (position: Fields): BalanceEvent['positions'][number] => {
  const quantity = decimalOf(position, 'pa')
  const price = decimalOrNull(position, 'ep')
  return {
    symbol: textOf(position, 's'),
    quantity: toDecimalString(quantity),
    averagePrice: price === null || isZero(price) ? null : toDecimalString(price),
  }
}

/**
 * `ACCOUNT_UPDATE`: balances and positions that changed. Funding of a cross position names no position
 * (binance-ccxt-facts §3.6); `bc` leaves out what trading made and cost.
 */
export const decodeAccountUpdate = (message: Fields): BalanceEvent => {
  const account = fieldsOf(message, 'a')
  const balances = listOf(account, 'B')
  return {
    kind: 'balance',
    cause: textOf(account, 'm'),
    balances: balances.map((balance) => ({
      asset: textOf(balance, 'a'),
      wallet: toDecimalString(decimalOf(balance, 'wb')),
    })),
    change: changeOf(balances),
    positions: listOf(account, 'P').map(positionOf),
    symbol: wordsOf(account['S']),
    at: timeOf([
      [message, 'T'],
      [message, 'E'],
    ]),
  }
}

/** `MARGIN_CALL`: a notice for each position that is named, or one for the account. */
export const decodeMarginCall = (message: Fields): AccountNotice[] => {
  const at = timeOf([
    [message, 'T'],
    [message, 'E'],
  ])
  const positions = listOf(message, 'p')
  const notice = (symbol: string | null, detail: string): AccountNotice => ({
    kind: 'notice',
    notice: 'margin_call',
    symbol,
    detail,
    at,
  })
  if (positions.length === 0) return [notice(null, 'of the account')]
  return positions.map((position) => {
    const said = (field: string): string => decimalOrNull(position, field) ?? 'not told'
    return notice(
      textOf(position, 's'),
      `position ${said('pa')}, mark ${said('mp')}, maintenance margin ${said('mm')}, unrealized ${said('up')}`,
    )
  })
}

/** `ACCOUNT_CONFIG_UPDATE`: leverage of a symbol, or the margin mode of the account, changed elsewhere or here. */
export const decodeConfigUpdate = (message: Fields): AccountNotice[] => {
  const at = timeOf([
    [message, 'T'],
    [message, 'E'],
  ])
  const notices: AccountNotice[] = []
  const symbol = message['ac']
  if (isFields(symbol))
    notices.push({
      kind: 'notice',
      notice: 'leverage_changed',
      symbol: textOf(symbol, 's'),
      detail: `leverage ${decimalOf(symbol, 'l')}`,
      at,
    })
  const account = message['ai']
  if (isFields(account))
    notices.push({
      kind: 'notice',
      notice: 'mode_changed',
      symbol: null,
      detail: `multi-assets margin ${account['j'] === true ? 'on' : 'off'}`,
      at,
    })
  return notices
}
