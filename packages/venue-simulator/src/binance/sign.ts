import { createHmac, timingSafeEqual } from 'node:crypto'

/** HMAC-SHA256 in hex, as a client signs (binance-ccxt-facts §2.4). */
export const sign = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('hex')

/** True when `signature` is that of `text`; upper and lower case are the same. */
export const isSignedBy = (secret: string, text: string, signature: string): boolean => {
  const given = Buffer.from(signature.toLowerCase(), 'utf8')
  const expected = Buffer.from(sign(secret, text), 'utf8')
  return given.length === expected.length && timingSafeEqual(given, expected)
}
