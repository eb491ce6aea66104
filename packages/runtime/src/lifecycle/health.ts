import type { Clock } from '../ports/index.ts'

/** One named check, as `/ready` shows it. */
export interface HealthCheck {
  readonly name: string
  readonly ok: boolean
  /** A check that is not critical is shown, but does not make the service unready. */
  readonly critical: boolean
  /** Why it is as it is, for a person. */
  readonly reason: string
  /** Since it last changed between ok and not ok. */
  readonly since_ms: number
  /** Since it was last reported. */
  readonly age_ms: number
}

export interface HealthReport {
  readonly ready: boolean
  readonly draining: boolean
  readonly checks: readonly HealthCheck[]
}

interface Entry {
  ok: boolean
  critical: boolean
  reason: string
  changedAt: number
  reportedAt: number
}

/** What a service knows about its own readiness. Parts report; nobody is asked. */
export interface Health {
  /** Announces a check before its first report; until then it is not ok. */
  expect(name: string, options?: { critical?: boolean }): void
  set(name: string, ok: boolean, reason?: string): void
  /** Begins the stop: not ready from now on, whatever is reported. */
  drain(): void
  report(): HealthReport
}

/** A registry of checks. Without any check a service is ready. */
export const createHealth = (clock: Clock): Health => {
  const entries = new Map<string, Entry>()
  let draining = false

  const expect = (name: string, { critical = true } = {}): void => {
    const at = clock.monotonic()
    const entry = entries.get(name)
    if (entry !== undefined) entry.critical = critical
    else
      entries.set(name, {
        ok: false,
        critical,
        reason: 'not reported yet',
        changedAt: at,
        reportedAt: at,
      })
  }

  return {
    expect,
    set: (name, ok, reason = ok ? 'ok' : 'not ok') => {
      const at = clock.monotonic()
      if (!entries.has(name)) expect(name)
      const entry = entries.get(name)!
      if (entry.ok !== ok) entry.changedAt = at
      entry.ok = ok
      entry.reason = reason
      entry.reportedAt = at
    },
    drain: () => {
      draining = true
    },
    report: () => {
      const now = clock.monotonic()
      const checks = [...entries].map(([name, entry]) => ({
        name,
        ok: entry.ok,
        critical: entry.critical,
        reason: entry.reason,
        since_ms: Math.round(now - entry.changedAt),
        age_ms: Math.round(now - entry.reportedAt),
      }))
      const ready = !draining && checks.every((check) => check.ok || !check.critical)
      return { ready, draining, checks }
    },
  }
}
