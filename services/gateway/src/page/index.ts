/**
 * One plain page for a glance, also on a phone.
 *
 * Entry point: `addPageRoutes`. Invariants: the page is public because it holds no data; it asks for a key and keeps it
 * for its tab only; nothing is loaded from elsewhere, nothing runs inline; what is not live says so loudly.
 */
export { addPageRoutes } from './page-routes.ts'
