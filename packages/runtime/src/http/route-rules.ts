import type { RouteOptions } from 'fastify'
import { z } from 'zod'

interface Definition {
  readonly type: string
  readonly shape?: Record<string, z.ZodType>
  readonly catchall?: z.ZodType
  readonly element?: z.ZodType
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly valueType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly left?: z.ZodType
  readonly right?: z.ZodType
}

const innerSchemas = (definition: Definition): z.ZodType[] =>
  [
    definition.element,
    definition.innerType,
    definition.in,
    definition.valueType,
    definition.left,
    definition.right,
    ...(definition.options ?? []),
    ...Object.values(definition.shape ?? {}),
  ].filter((schema) => schema !== undefined)

/** Whether every object in the schema refuses unknown keys. */
const isStrict = (schema: z.ZodType, seen: Set<z.ZodType> = new Set()): boolean => {
  if (seen.has(schema)) return true
  seen.add(schema)
  const definition = schema.def as unknown as Definition
  const isOpen = definition.type === 'object' && definition.catchall?.def.type !== 'never'
  return !isOpen && innerSchemas(definition).every((inner) => isStrict(inner, seen))
}

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Holds a route to the house's rules when it is added: it says who may call it, what it is for and which
 * fields it takes. A mistake here is a mistake of the program, so it throws before the server listens.
 */
export const checkRoute = (route: RouteOptions): void => {
  const name = `${String(route.method)} ${route.url}`
  const schema = (route.schema ?? {}) as { hide?: boolean; summary?: string } & Record<
    string,
    unknown
  >
  if (route.config?.access === undefined)
    throw new TypeError(`Route ${name}: config.access must name a role or 'public'`)
  if (schema.hide !== true && schema.summary === undefined)
    throw new TypeError(`Route ${name}: schema.summary must say what it is for`)
  for (const part of ['body', 'querystring'])
    if (schema[part] !== undefined && !isStrict(schema[part] as z.ZodType))
      throw new TypeError(
        `Route ${name}: schema.${part} must refuse unknown fields (z.strictObject)`,
      )
  // What a route does not ask for, nobody may send: a misspelt filter would be ignored silently.
  const methods = [route.method].flat()
  if (schema['querystring'] === undefined) schema['querystring'] = z.strictObject({})
  if (schema['body'] === undefined && methods.some((method) => WRITES.has(method)))
    schema['body'] = z.union([z.strictObject({}), z.null(), z.undefined()])
  route.schema = schema
}
