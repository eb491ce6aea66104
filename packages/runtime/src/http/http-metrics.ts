import { defineMetrics } from '../metrics/index.ts'

/** What every HTTP server measures. Routes are templates, so the set of label values is closed. */
export const HTTP_METRICS = defineMetrics({
  duration: {
    type: 'histogram',
    name: 'http_server_request_duration_seconds',
    help: 'Time from request to answer',
    labels: ['http_request_method', 'http_route', 'http_response_status_code'],
  },
  active: {
    type: 'gauge',
    name: 'http_server_active_requests',
    help: 'Requests that are being answered',
  },
  problems: {
    type: 'counter',
    name: 'tapedeck_http_problems_total',
    help: 'Answers with a status of 400 or more',
    labels: ['status'],
  },
  rateLimited: {
    type: 'counter',
    name: 'tapedeck_rate_limited_total',
    help: 'Requests over a rate limit',
    labels: ['policy'],
  },
  replayed: {
    type: 'counter',
    name: 'tapedeck_idempotency_replays_total',
    help: 'Answers given again for a known Idempotency-Key',
  },
})
