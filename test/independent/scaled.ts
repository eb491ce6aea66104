/** A decimal string as a whole number of units of 10^-`digits`. Throws when it is finer than that. */
export const scaled = (text: string, digits: number): bigint => {
  const [whole = '', fraction = ''] = text.split('.')
  const cut = fraction.slice(digits)
  if (!/^\d+$/.test(whole) || /[^0]/.test(cut))
    throw new Error(`${text} is not a number of at most ${digits} decimals`)
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
}
