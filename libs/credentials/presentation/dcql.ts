/** The question to a wallet in DCQL (OpenID for Verifiable Presentations 1.0 section 6), and its answer. One credential, some claims. */
import { credentialType } from '../sd-jwt/issue.ts'

export const queryId = 'credential'

export function dcqlQuery(vct: string, claims: readonly string[]) {
  return {
    credentials: [{ id: queryId, format: credentialType, meta: { vct_values: [vct] }, claims: claims.map((name) => ({ path: [name] })) }],
  }
}

/** The one presentation of an answer; `undefined` when it is not exactly one. */
export function presentationOf(vpToken: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(vpToken)
    if (typeof answer !== 'object' || answer === null || Object.keys(answer).join() !== queryId) return undefined
    const [one, ...more] = (answer as Record<string, unknown[]>)[queryId] ?? []
    return typeof one === 'string' && more.length === 0 ? one : undefined
  } catch {
    return undefined
  }
}
