/** The account that is traded, and its key. */
export const ACCOUNT = 'main'
export const API_KEY = 'k'.repeat(32)
export const API_SECRET = 's'.repeat(32)
