/**
 * Cursor pagination: pages stay stable while rows are added.
 *
 * Entry points: `decodeCursor`, `afterPosition`, `pageOf`. Invariant: a cursor works only with the
 * filters that it was made under.
 */
export {
  afterPosition,
  decodeCursor,
  encodeCursor,
  pageOf,
  type Page,
  type Position,
} from './cursor.ts'
export { selectPage, type PageRequest } from './select-page.ts'
