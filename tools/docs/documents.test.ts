import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { MESSAGES, MESSAGE_TYPES, SERVICES } from '@tapedeck/contracts'
import { Ajv, type AnySchemaObject } from 'ajv'
import { asyncApi } from './asyncapi.ts'
import { DOCUMENTS } from './documents.ts'
import { openApiDocument } from './open-api.ts'

const ROOT = join(import.meta.dirname, '../..')

it.each(Object.entries(DOCUMENTS))(
  '%s is what `node tools/docs/generate.ts` writes',
  async (path, make) => {
    const file = join(ROOT, path)
    const committed = existsSync(file) ? readFileSync(file, 'utf8') : 'missing'
    expect(committed === (await make())).toBe(true)
  },
)

/** References of a document that lead nowhere. */
const lostIn = (document: object): string[] =>
  [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)]
    .map((match) => match[1]!)
    .filter((path) => {
      const target = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document)
      return target === undefined
    })

describe.each(SERVICES)('the OpenAPI document of %s', (service) => {
  type Operation = { summary?: string; tags?: string[]; security?: object[]; responses: object }
  const document = async () =>
    JSON.parse(await openApiDocument(service)) as {
      openapi: string
      paths: Record<string, Record<string, Operation>>
    }

  it('describes each operation, who may call it, and what an error looks like', async () => {
    const { openapi, paths } = await document()
    expect(openapi).toMatch(/^3\.1\./)
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        name: `${method} ${path}`,
        operation,
      })),
    )
    const incomplete = operations.filter(
      ({ operation: { summary, tags, security, responses } }) =>
        summary === undefined || !tags || !security || !('default' in responses),
    )
    expect(operations.length).toBeGreaterThan(4)
    expect(incomplete.map(({ name }) => name)).toEqual([])
  })

  it('has no reference that leads nowhere', async () => {
    expect(lostIn(await document())).toEqual([])
  })
})

describe('the AsyncAPI document', () => {
  const document = asyncApi()
  const official = createRequire(import.meta.url)(
    '@asyncapi/specs/schemas/3.1.0-without-$id.json',
  ) as AnySchemaObject

  it('is valid against the schema that the AsyncAPI project publishes', () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    const validate = ajv.compile(official)
    const valid = validate(document)
    expect({ valid, errors: validate.errors }).toEqual({ valid: true, errors: null })
  })

  it('every reference in it leads somewhere', () => {
    expect(lostIn(document)).toEqual([])
  })

  it('each golden message fits the payload schema that the document gives for it', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'tape', components: document.components })
    const misfits = MESSAGE_TYPES.filter((type) => {
      const { payload, examples } = document.components.messages[type]!
      const text = JSON.stringify(payload).replaceAll('"#/', '"tape#/')
      return !ajv.compile(JSON.parse(text) as AnySchemaObject)(examples[0]!.payload)
    })
    expect(misfits).toEqual([])
  })

  it('has one sender for each message, and a receiver beside the gateway, which shows everything', () => {
    const names = Object.keys(document.operations)
    for (const type of MESSAGE_TYPES) {
      const { publisher } = MESSAGES[type]
      const senders = SERVICES.filter((service) => names.includes(`${service}.send.${type}`))
      expect(senders).toEqual([publisher])
      const receivers = SERVICES.filter((service) => names.includes(`${service}.receive.${type}`))
      expect(receivers.length).toBeGreaterThan(1)
    }
  })
})
