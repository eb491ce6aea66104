import { ERRORS } from '@tapedeck/contracts'
import { GENERATED, page, table } from './markdown.ts'

const rows = Object.entries(ERRORS).map(([code, { status, next, title, hint }]) => [
  `\`${code}\``,
  String(status),
  next,
  title,
  hint,
])

/** `docs/reference/errors.md`, from the catalogue in `packages/contracts/src/errors.ts`. */
export const errorsDocument = (): string =>
  page(
    GENERATED,
    '# Errors',
    'Every operating error has one of these codes, in problem documents (`code`), in logs and in dead letters. ' +
      'The source is `packages/contracts/src/errors.ts`.',
    'What next: **retry** the same later · **stop**, because the same again fails the same way · **ask** a person. ' +
      'The status is the one of the HTTP answer.',
    table(['Code', 'Status', 'What next', 'Meaning', 'What to do'], rows),
  )
