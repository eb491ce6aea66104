import { createHash } from 'node:crypto'
import { stripTypeScriptTypes } from 'node:module'

/** Strips types exactly as Node does at run time, so a test runs the code that production runs. */
export default {
  process: (source: string): { code: string } => ({
    code: stripTypeScriptTypes(source, { mode: 'strip' }),
  }),
  getCacheKey: (source: string): string =>
    createHash('sha256').update(process.version).update(source).digest('hex'),
}
