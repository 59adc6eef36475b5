import { type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { problems } from '../problems.ts'
import type { Told } from './provider.ts'

const byWord = {
  invalid_client: problems.invalid_client,
  invalid_grant: problems.invalid_grant,
  invalid_scope: problems.invalid_scope,
  invalid_target: problems.invalid_target,
  invalid_dpop_proof: problems.invalid_dpop_proof,
  unauthorized_client: problems.unauthorized_client,
  unsupported_grant_type: problems.unsupported_grant_type,
  unsupported_token_type: problems.unsupported_token_type,
  access_denied: problems.access_denied,
} as const

/** What the library refused, as a problem of ours. Its own words say what was wrong with the request; they never repeat what it held. */
export function refusedBy({ body: { error, error_description: description } }: Pick<Told, 'body'>): Refusal {
  const kind = byWord[error as keyof typeof byWord] ?? problems.invalid_request
  const detail = typeof description === 'string' && kind !== problems.invalid_client && kind !== problems.invalid_grant ? description : undefined
  return refuse(kind, detail, { details: { reasons: [String(error)] } })
}
