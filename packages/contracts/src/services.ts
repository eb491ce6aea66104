/** The services, each with the one domain below which it may publish. The gateway publishes nothing. */
export const DOMAIN_OF = {
  ingest: 'market',
  orderflow: 'orderflow',
  'setup-generator': 'setup',
  risk: 'risk',
  execution: 'execution',
  reconciler: 'reconciler',
  journal: 'journal',
  analyst: 'analyst',
  gateway: null,
} as const
export type ServiceName = keyof typeof DOMAIN_OF
export const SERVICES = Object.keys(DOMAIN_OF) as readonly ServiceName[]
