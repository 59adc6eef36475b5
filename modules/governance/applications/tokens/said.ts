import type { Id } from '@gatehouse/core/id'

/** What a token says, whoever made it, as far as it concerns the door. */
export interface Said {
  readonly tenant: Id<'tenant'>
  readonly application: string
  readonly user?: Id<'user'>
  readonly connection?: string
  readonly id: string
  readonly scope: string
  /** Thumbprint of the key that has to be proven with it. */
  readonly jkt?: string
  readonly untilMs: number
}
