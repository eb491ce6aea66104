import { row, type CodeRow } from './code-row.ts'

/** 20xx: orders, keys, margin. */
export const ORDER_CODES: readonly CodeRow[] = [
  row(-2007, 'refused', 'callback rate not valid'),
  row(-2010, 'refused', 'the order was rejected'),
  row(-2011, 'refused', 'no such open order', 'gone'),
  row(-2012, 'unknown', 'canceling all failed, maybe in part'),
  row(-2013, 'refused', 'no such order', 'gone'),
  row(-2014, 'refused', 'key of a wrong form', 'key_refused'),
  row(-2015, 'refused', 'key, address or permission not valid', 'key_refused'),
  row(-2016, 'refused', 'no trading window'),
  row(-2017, 'refused', 'the keys of the account are locked', 'key_refused'),
  row(-2018, 'refused', 'balance not sufficient'),
  row(-2019, 'refused', 'margin not sufficient'),
  row(-2020, 'refused', 'cannot be filled'),
  row(-2021, 'refused', 'would trigger at once'),
  row(-2022, 'refused', 'reduce-only rejected'),
  row(-2023, 'refused', 'the account is being liquidated'),
  row(-2024, 'refused', 'position not sufficient'),
  row(-2025, 'refused', 'too many open orders'),
  row(-2026, 'refused', 'reduce-only not supported for this order type'),
  row(-2027, 'refused', 'position would be too large for the leverage'),
  row(-2028, 'refused', 'leverage too low for the margin'),
]
