import type { z } from 'zod'

/** One key of the environment. Its schema reads the text of the variable. */
export interface ConfigKey<S extends z.ZodType = z.ZodType> {
  readonly schema: S
  /** What it is for, for a person who has to set it. */
  readonly description: string
  /** Never printed; may be given as a file by `<KEY>_FILE`. */
  readonly secret?: boolean
  /** A file that it is given as may not be open to everybody on the machine. */
  readonly ownerOnly?: boolean
  readonly example?: string
}

export type ConfigDefinition = Readonly<Record<string, ConfigKey>>

/** The values that `loadConfig` returns for a definition. */
export type ConfigOf<D extends ConfigDefinition> = {
  readonly [K in keyof D]: z.output<D[K]['schema']>
}

/** Declares the keys that a service reads. Refuses names that no shell exports, and missing descriptions. */
export const defineConfig = <const D extends ConfigDefinition>(definition: D): D => {
  for (const [key, entry] of Object.entries(definition)) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(key))
      throw new TypeError(`Config key ${key}: expected UPPER_SNAKE_CASE`)
    if (entry.description.trim() === '')
      throw new TypeError(`Config key ${key}: expected a description`)
  }
  return definition
}

/** A row of `docs/reference/config.md`. */
export interface ConfigRow {
  readonly key: string
  readonly description: string
  readonly required: boolean
  readonly default: string | null
  readonly secret: boolean
  readonly example: string | null
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

/** The keys of a definition as rows, in its order, for the generated reference. */
export const describeConfig = (definition: ConfigDefinition): ConfigRow[] =>
  Object.entries(definition).map(([key, entry]) => {
    const unset = entry.schema.safeParse(undefined)
    return {
      key,
      description: entry.description,
      required: !unset.success,
      default: unset.success && unset.data !== undefined ? textOf(unset.data) : null,
      secret: entry.secret === true,
      example: entry.example ?? null,
    }
  })
