import { z } from 'zod'

/** Each role may do what the ones before it may. */
export const ROLES = ['viewer', 'trader', 'operator', 'admin'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** Whether a holder of `role` may do what asks for `required`. */
export const allows = (role: Role, required: Role): boolean =>
  ROLES.indexOf(role) >= ROLES.indexOf(required)

/** Who acts. `id` is stable and safe to log; no secret is in it. */
export interface Principal {
  readonly id: string
  readonly role: Role
  readonly kind: 'api_key' | 'token'
}
