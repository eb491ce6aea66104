/** What a column holds. Nulls are kept as nulls: an unknown value is never NaN or 0. */
export type ColumnType = 'int32' | 'int64' | 'float64' | 'bool' | 'string' | 'timestamp_ms'
