/**
 * A service's place in Postgres: role, schema, migrations.
 *
 * Entry point: `provisionService`. Invariants: a role sees its own schema only; migrations happen whole
 * or not at all, one process at a time; running twice changes nothing.
 */
export { applyMigrations, type MigrationSets } from './apply-migrations.ts'
export { baseMigrations, type Migrations } from './base-migrations.ts'
export { provisionService, type ProvisionOptions, type Provisioned } from './provision-service.ts'
export { serviceNames, type ServiceNames } from './service-names.ts'
