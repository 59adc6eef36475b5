/** What went wrong, as a problem that may be told. */
import { saidOfIssue } from '@gatehouse/core/issue'
import { type FieldProblem, Problem } from '@gatehouse/core/problem'
import type { z } from 'zod'
import { doorProblems } from './problems.ts'

/** JSON pointers (RFC 6901) from a validation error. Sentences come from schemas and never quote what was sent. */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.slice(0, 100).map((issue) => ({
    pointer: issue.path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    ...saidOfIssue(issue),
  }))
}

/** PostgreSQL's classes for "cannot be reached or is going away" (08, 57P, 53) and the socket's own errors. */
const away = /^(08...|57P..|53...|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code = (error as { code?: unknown } | null)?.code
  const message = error instanceof Error ? error.message : ''
  const lost =
    (typeof code === 'string' && away.test(code)) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after/.test(message)
  return new Problem(lost ? doorProblems.unavailable : doorProblems.internal, undefined, { cause: error })
}
