/**
 * What a field holds. The hash is over Python's text, where 5 and 5.0 differ: `int` is written without a
 * point, `float` always with a point or an exponent, whatever its value is.
 */
export type FeatureType = 'float' | 'int' | 'bool' | 'string'

/** How much has to be seen before a field is known: closed bars of its timeframe, or full UTC days. */
export type FeatureNeeds = { readonly bars: number } | { readonly days: number }

/** One field of the snapshot: everything that documents, files and hashes are made from. */
export type FeatureField = {
  readonly name: string
  readonly type: FeatureType
  /** `quote` is the quote asset per base asset, `percent` means percent, `fraction` is of one. */
  readonly unit:
    | 'quote'
    | 'base'
    | 'percent'
    | 'fraction'
    | 'ratio'
    | 'index'
    | 'flag'
    | 'sign'
    | 'word'
  /** Feature schema version in which the field appeared. */
  readonly since: '1.0.0' | '1.1.0' | '1.2.0'
  readonly needs: FeatureNeeds
  readonly meaning: string
  readonly formula: string
}
