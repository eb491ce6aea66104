import { TapedeckError, unstorableText } from '@tapedeck/contracts'
import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import type { ProblemField } from './problem.ts'

const FIELDS_MAX = 50

/** JSON Pointer (RFC 6901). The empty pointer is the whole body. */
const jsonPointer = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

const place = (part: string, path: readonly PropertyKey[]): Partial<ProblemField> => {
  if (part === 'body') return { pointer: jsonPointer(path) }
  const name = path.map(String).join('.')
  return part === 'headers' ? { header: name } : { parameter: name }
}

const fieldsOf = (part: string, issue: z.core.$ZodIssue): ProblemField[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      ...place(part, [...issue.path, key]),
      detail: 'unknown field',
      code: 'unknown_field',
    }))
  return [{ ...place(part, issue.path), detail: issue.message, code: issue.code }]
}

const PART_NAMES: Readonly<Record<string, string>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'headers',
}

/** The error of a request whose part does not fit its schema: one entry for each field. */
const requestInvalid = (part: string, error: z.ZodError): TapedeckError => {
  const fields = error.issues.flatMap((issue) => fieldsOf(part, issue))
  const shown = fields.slice(0, FIELDS_MAX)
  const more = fields.length > shown.length ? `, of which ${shown.length} are listed` : ''
  return new TapedeckError(
    'VALIDATION_FAILED',
    `The ${PART_NAMES[part] ?? part} has ${fields.length} mistake${fields.length === 1 ? '' : 's'}${more}`,
    { details: { errors: shown } },
  )
}

/** Text that could be accepted here and never be stored, nor searched for. */
const textInvalid = (part: string, path: readonly PropertyKey[]): TapedeckError =>
  new TapedeckError('VALIDATION_FAILED', `The ${PART_NAMES[part] ?? part} has 1 mistake`, {
    details: {
      errors: [
        {
          ...place(part, path),
          detail: 'expected text without U+0000 and without halves of surrogate pairs',
          code: 'invalid_text',
        },
      ],
    },
  })

/** Validates each part of a request with its zod schema and hands the handler the parsed value. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart = 'body' }) =>
  (data: unknown) => {
    const path = unstorableText(data)
    if (path !== null) return { error: textInvalid(httpPart, path) }
    const parsed = schema.safeParse(data)
    return parsed.success
      ? { value: parsed.data }
      : { error: requestInvalid(httpPart, parsed.error) }
  }
