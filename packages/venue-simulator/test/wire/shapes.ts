import type { Fields, Shape } from './check-fields.ts'

export const of = (fields: Readonly<Record<string, Shape>>): Fields => ({ fields })

/** One row for a symbol that was named, a list of rows without. */
export const oneOrAll = (shape: Shape): Shape => ({ anyOf: [shape, [shape]] })

/** What is done and has nothing to tell. */
export const DONE = of({ code: 'i', msg: 's' })

export const LIMIT = { rateLimitType: 's', interval: 's', intervalNum: 'i', limit: 'i' }
