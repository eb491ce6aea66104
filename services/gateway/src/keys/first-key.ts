import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Context } from '../context.ts'
import type { KeyStore } from './key-store.ts'

/** Whole or not at all, and never readable by anybody else, even where an older file was. */
const writePrivate = (file: string, text: string): void => {
  const path = resolve(file)
  const draft = `${path}.new`
  mkdirSync(dirname(path), { recursive: true })
  rmSync(draft, { force: true })
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

/**
 * Makes the operator's key when no administrator can come in: at the first start, and when all their
 * keys have expired or belong to another pepper. It is handed over once, before the row is committed,
 * so a key that nobody saw is not kept: to the file of `TAPEDECK_FIRST_KEY_FILE`, or to stderr (the log would
 * blot it out, and stdout may be somebody's data).
 */
export const ensureFirstKey = async (context: Context, keys: KeyStore): Promise<void> => {
  const { config, logger } = context
  const file = config.TAPEDECK_FIRST_KEY_FILE
  const made = await keys.ensureAdmin(
    {
      name: 'operator',
      role: 'admin',
      environment: config.TAPEDECK_API_KEY_ENVIRONMENT,
      createdBy: 'first-start',
      expiresAt: null,
    },
    (text) => {
      if (file === undefined)
        process.stderr.write(
          `\nThe first API key (administrator), shown only now:\n\n  ${text}\n\n`,
        )
      else writePrivate(file, `${text}\n`)
    },
  )
  if (made)
    logger.warn(
      { event: 'first_key_created', file: file ?? 'stderr' },
      'an administrator key was created',
    )
}
