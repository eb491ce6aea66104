/** Reviews closed trades. Entry point: `analystService`, the definition that a host builds the service from. */
export { analystService } from './service.ts'
