import fc from 'fast-check'

/**
 * Properties draw the same cases in every run of the tests, so that a change is judged by what it changed.
 * `PROPERTY_SEED=random npm test` (or a number) draws others: that is how new counterexamples are hunted;
 * one that was found becomes an `examples` entry of its property.
 */
const SEED = 20_240_808

const asked = process.env['PROPERTY_SEED'] ?? ''
if (asked !== 'random') {
  const seed = asked === '' ? SEED : Number(asked)
  if (!Number.isInteger(seed))
    throw new Error(
      `PROPERTY_SEED is "${asked}": expected a whole number or "random"; unset it for the seed of every day.`,
    )
  fc.configureGlobal({ seed })
}
