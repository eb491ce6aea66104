import { z } from 'zod'
import type { Role } from '../auth/index.ts'
import type { Health } from '../lifecycle/index.ts'
import { SERVICE_METRICS, type Metrics } from '../metrics/index.ts'
import type { App, Reply, Request } from './app.ts'
import { UNLIMITED } from './limit-requests.ts'
import { sendProblem } from './send-problem.ts'

/** What `/version` tells. */
export interface ServiceInfo {
  readonly service: string
  readonly version: string
  /** Commit that was built; null in a checkout. */
  readonly commit: string | null
  /** Of the configuration that decisions depend on; null when there is none. */
  readonly configHash: string | null
}

const HealthBody = z.object({
  ready: z.boolean(),
  draining: z.boolean(),
  checks: z.array(
    z.object({
      name: z.string(),
      ok: z.boolean(),
      critical: z.boolean().describe('Whether the service is unready without it'),
      reason: z.string(),
      since_ms: z.int().describe('Since it changed'),
      age_ms: z.int().describe('Since it was reported'),
    }),
  ),
})

const VersionBody = z.object({
  service: z.string(),
  version: z.string(),
  commit: z.string().nullable(),
  config_hash: z.string().nullable(),
  node: z.string(),
})

const probe = { access: 'public', rate: UNLIMITED } as const
const tags = ['service']

const sendReadiness = (request: Request, reply: Reply, health: Health): Reply => {
  const report = health.report()
  if (report.ready) return reply.send(report)
  const failing = report.checks.filter((check) => check.critical && !check.ok)
  const why = failing.map((check) => `${check.name}: ${check.reason}`).join('; ')
  return sendProblem(request, reply, {
    code: 'NOT_READY',
    detail: report.draining ? 'The service is stopping' : why,
    retryAfterMs: 1_000,
    extensions: { ...report },
  })
}

/** The routes that every service has: liveness, readiness, measures, version, OpenAPI. */
export const addServiceRoutes = (
  app: App,
  info: ServiceInfo,
  health: Health,
  metrics: Metrics,
  metricsAccess: Role | 'public',
): void => {
  const { ready } = metrics.register({ ready: SERVICE_METRICS.ready })

  app.get(
    '/live',
    {
      config: probe,
      schema: {
        tags,
        summary: 'Whether the process turns its event loop; asks nothing else',
        response: { 200: z.object({ live: z.literal(true) }) },
      },
    },
    () => ({ live: true as const }),
  )
  app.get(
    '/ready',
    {
      config: probe,
      schema: {
        tags,
        summary: 'Whether requests can be served, and if not, why',
        response: { 200: HealthBody },
      },
    },
    (request, reply) => {
      void sendReadiness(request, reply, health)
    },
  )
  app.get(
    '/metrics',
    {
      config: { access: metricsAccess, rate: UNLIMITED },
      schema: { tags, summary: 'Measures for Prometheus' },
    },
    async (_request, reply) => {
      ready.set(health.report().ready ? 1 : 0)
      return reply.type(metrics.contentType).send(await metrics.text())
    },
  )
  app.get(
    '/version',
    {
      config: probe,
      schema: { tags, summary: 'What runs here', response: { 200: VersionBody } },
    },
    () => ({
      service: info.service,
      version: info.version,
      commit: info.commit,
      config_hash: info.configHash,
      node: process.version,
    }),
  )
}
