export { type Decider, type DeciderFactory, type Json } from './decider.ts'
