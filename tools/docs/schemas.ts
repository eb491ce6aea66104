import * as contracts from '@tapedeck/contracts'
import { z } from 'zod'

/** As much of JSON Schema as our own schemas use. */
export type JsonSchema = {
  $ref?: string
  type?: string | readonly string[]
  const?: unknown
  enum?: readonly unknown[]
  anyOf?: readonly JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
  required?: readonly string[]
  additionalProperties?: boolean | JsonSchema
  propertyNames?: JsonSchema
  description?: string
  default?: unknown
  pattern?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
}

export const SCHEMA_REF = '#/components/schemas/'

/** Every exported schema of the wire by its export's name. Configuration never crosses the wire. */
const exported = Object.entries<unknown>(contracts).filter(
  (entry): entry is [string, z.ZodType] =>
    entry[1] instanceof z.ZodType && !entry[0].endsWith('Config'),
)

/** The name under which contracts export a schema. */
export const nameOfSchema = (schema: z.ZodType): string => {
  const found = exported.find(([, candidate]) => candidate === schema)
  if (found === undefined) throw new Error('a message schema is not exported by contracts')
  return found[0]
}

const withoutIds = ({
  $schema: _dialect,
  $id: _id,
  ...rest
}: JsonSchema & { $schema?: string; $id?: string }): JsonSchema => rest

/** All schemas of the wire, each referring to the others by name. */
export const wireSchemas = (): Record<string, JsonSchema> => {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of exported) registry.add(schema, { id })
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-7',
    // What may be read: a field with a default may be missing in what an older writer sent.
    io: 'input',
    uri: (id) => `${SCHEMA_REF}${id}`,
  })
  const entries = Object.entries(schemas).map(
    ([id, schema]) => [id, withoutIds(schema as JsonSchema)] as const,
  )
  return Object.fromEntries(entries)
}

/** The named schemas together with all that they refer to, in alphabetical order. */
export const reachable = (
  all: Readonly<Record<string, JsonSchema>>,
  roots: readonly string[],
): Record<string, JsonSchema> => {
  const found = new Set<string>()
  const queue = [...roots]
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (found.has(name)) continue
    found.add(name)
    const text = JSON.stringify(all[name])
    for (const match of text.matchAll(/"#\/components\/schemas\/(\w+)"/g)) queue.push(match[1]!)
  }
  return Object.fromEntries([...found].toSorted().map((name) => [name, all[name]!]))
}
