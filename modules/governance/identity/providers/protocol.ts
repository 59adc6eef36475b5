/** What both protocols by which an institution's people sign in elsewhere have in common. */
import type { Node } from '@gatehouse/runtime/door/node'
import type { Said } from './said.ts'
import type { Stay } from './stay.ts'
import type { ProviderRow } from './store.ts'
import type { Ticket } from './ticket.ts'

/** The provider could not be reached, or what it says of itself cannot be used. The message names hosts and members, nothing personal. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
}

/** The answer does not hold. `code` says why, in a word for the ledger. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code: string

  constructor(code: string) {
    super(`the answer does not hold: ${code}`)
    this.code = code
  }
}

/** What the browser brought back: of OpenID Connect a code, of SAML the handle of a response that was taken already. */
export interface Answer {
  readonly state: string
  readonly code?: string | undefined
  readonly iss?: string | undefined
  readonly answer?: string | undefined
}

/** What an administrator is told about a provider without signing in anybody. */
export interface Trial {
  readonly authorization_endpoint: string | null
  readonly token_endpoint: string | null
  readonly algorithms: readonly string[]
  readonly pkce: boolean
  readonly names_itself: boolean
}

export interface Told {
  readonly said: Said
  readonly stay: Stay
}

export interface Protocol {
  /** Where the browser is sent. @throws ProviderError */
  entrance(node: Node, provider: ProviderRow, ticket: Ticket): Promise<string>
  /** What the provider says of somebody, verified. @throws AnswerError, ProviderError */
  told(node: Node, provider: ProviderRow, ticket: Ticket, answer: Answer): Promise<Told>
  /** Where the browser is sent to sign out there too, if the provider has such a place. @throws ProviderError */
  exit(node: Node, provider: ProviderRow, word: string): Promise<string | undefined>
  /** @throws ProviderError */
  tried(node: Node, provider: ProviderRow): Promise<Trial>
}
