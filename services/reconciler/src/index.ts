/** Compares with the venue. Entry point: `reconcilerService`, the definition that a host builds the service from. */
export { reconcilerService } from './service.ts'
