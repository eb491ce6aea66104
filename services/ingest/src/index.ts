/** Market data in. Entry point: `ingestService`, the definition that a host builds the service from. */
export { ingestService } from './service.ts'
