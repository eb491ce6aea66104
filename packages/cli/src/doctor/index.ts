/** Can Tapedeck run here? Entry point: `runDoctor`. Invariant: looks only; nothing is fetched or started. */
export { runDoctor } from './run-doctor.ts'
