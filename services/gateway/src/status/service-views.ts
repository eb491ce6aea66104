import { SERVICES, type ServiceName } from '@tapedeck/contracts'
import type { HealthReport } from '@tapedeck/runtime'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { ServiceView } from './status-schema.ts'

type View = z.infer<typeof ServiceView>

const ANSWER_MS_MAX = 1_000
const KEPT_MS = 1_000
const CACHE_KEY = 'readiness'
const Views = z.array(ServiceView)

/** Both what `/ready` answers when it is, and the problem when it is not. */
const Report = z.object({
  ready: z.boolean().default(false),
  draining: z.boolean().default(false),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), reason: z.string() })).default([]),
})

const viewOf = (
  service: ServiceName,
  report: Pick<HealthReport, 'ready' | 'draining'> & z.infer<typeof Report>,
): View => ({
  service,
  ready: report.ready,
  reasons: [
    ...(report.draining ? ['stopping'] : []),
    ...report.checks.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`),
  ],
})

const whyNot = (error: unknown): string => {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return `did not answer within ${ANSWER_MS_MAX} ms`
  const { code, message: reason } = (cause ?? {}) as { code?: string; message?: string }
  return `does not answer (${code ?? reason ?? message})`
}

const ask = async (service: ServiceName, url: string | undefined): Promise<View> => {
  if (url === undefined)
    return { service, ready: null, reasons: ['TAPEDECK_SERVICE_URLS does not name it'] }
  try {
    const response = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) })
    const report = Report.safeParse(await response.json())
    if (report.success) return viewOf(service, report.data)
    return { service, ready: null, reasons: [`answers ${response.status} with something else`] }
  } catch (error) {
    return { service, ready: null, reasons: [whyNot(error)] }
  }
}

/**
 * Readiness of all services, each asked now; at most once a second over all gateways while Redis is
 * there to remember it.
 */
export const serviceViews = async ({ cache, config, health }: Context): Promise<View[]> => {
  const own = viewOf('gateway', { ...health.report(), checks: [...health.report().checks] })
  let others = await cache.get(CACHE_KEY, Views)
  if (others === null) {
    const names = SERVICES.filter((name) => name !== 'gateway')
    others = await Promise.all(
      names.map(async (name) => await ask(name, config.TAPEDECK_SERVICE_URLS.get(name))),
    )
    await cache.set(CACHE_KEY, others, KEPT_MS)
  }
  return [...others, own]
}
