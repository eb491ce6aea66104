import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { createJsonSchemaTransform } from 'fastify-type-provider-zod'
import type { OpenAPIV3_1 } from 'openapi-types'
import { z } from 'zod'
import type { App } from './app.ts'
import { PROBLEM_MEDIA_TYPE, Problem } from './problem.ts'
import type { ServiceInfo } from './service-routes.ts'

type RouteConfig = {
  readonly access?: string
  readonly idempotency?: string
  readonly ifMatch?: boolean
}

const transformSchema = createJsonSchemaTransform({})

const headerParameters = (config: RouteConfig): OpenAPIV3_1.ReferenceObject[] => [
  ...(config.idempotency === undefined ? [] : [{ $ref: '#/components/parameters/IdempotencyKey' }]),
  ...(config.ifMatch === true ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
]

const OPERATIONS = ['get', 'put', 'post', 'delete', 'patch', 'head'] as const

/** Adds to each operation what holds for all: problems, credentials, the headers of its route. */
const complete = (
  document: OpenAPIV3_1.Document,
  configs: ReadonlyMap<string, RouteConfig>,
): OpenAPIV3_1.Document => {
  for (const [path, item] of Object.entries(document.paths ?? {}))
    for (const method of OPERATIONS) {
      const operation = item?.[method]
      const config = configs.get(`${method} ${path}`)
      if (operation === undefined || config === undefined) continue
      operation.responses = {
        ...operation.responses,
        default: { $ref: '#/components/responses/Problem' },
      }
      operation.security = config.access === 'public' ? [] : [{ bearer: [] }]
      if (config.access !== 'public')
        operation.description = [operation.description, `Needs the role ${config.access}.`]
          .filter((text) => text !== undefined)
          .join('\n\n')
      const parameters = [...(operation.parameters ?? []), ...headerParameters(config)]
      if (parameters.length > 0) operation.parameters = parameters
    }
  return document
}

const components = (): OpenAPIV3_1.ComponentsObject => {
  const { $schema: _, ...problem } = z.toJSONSchema(Problem, {
    io: 'output',
    target: 'draft-2020-12',
  })
  return {
    schemas: { Problem: problem as OpenAPIV3_1.SchemaObject },
    responses: {
      Problem: {
        description: 'Any error (RFC 9457)',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        description: 'Fresh for every new request, the same for a repetition',
        schema: { type: 'string', pattern: '^"?[A-Za-z0-9_-]{1,64}"?$' },
        example: '"01926f3a-6c1e-7d54-9b1e-4f2f7f3a9c11"',
      },
      IfMatch: {
        name: 'If-Match',
        in: 'header',
        required: true,
        description: 'ETag of the version that the change is meant for',
        schema: { type: 'string' },
        example: '"7"',
      },
    },
    securitySchemes: {
      bearer: { type: 'http', scheme: 'bearer', description: 'An API key or an access token' },
    },
  }
}

/** Serves the OpenAPI 3.1 description of all routes at `/openapi.json`. Register before the routes. */
export const describeRoutes = (app: App, info: ServiceInfo): void => {
  const configs = new Map<string, RouteConfig>()
  const options: FastifyDynamicSwaggerOptions = {
    openapi: {
      openapi: '3.1.1',
      info: { title: `Tapedeck ${info.service}`, version: info.version },
      components: components() as never,
    },
    transform: (input) => {
      const { route, url } = input
      const path = url.replaceAll(/:([^/]+)/g, '{$1}')
      for (const method of [route.method].flat())
        configs.set(`${method.toLowerCase()} ${path}`, route.config ?? {})
      return transformSchema(input)
    },
    transformObject: (input) =>
      'openapiObject' in input
        ? complete(input.openapiObject as never, configs)
        : input.swaggerObject,
  }
  void app.register(swagger, options)
  void app.register((routed: App, _options, done) => {
    routed.get(
      '/openapi.json',
      { config: { access: 'public', rate: 'none' }, schema: { hide: true } },
      (_request, reply) => reply.type('application/json').send(JSON.stringify(app.swagger())),
    )
    done()
  })
}
