/** What every way of signing in checks before it looks at what was sent. */
import { type ActContext, type Refusal, refuse } from '@gatehouse/runtime/door/operation'
import { isOwnOrigin } from './origin.ts'
import { problems } from './problems.ts'

/**
 * Another site must not sign a visitor in as somebody else, and one browser holds one person. Programs send no `Origin`; they
 * hold no cookies that could be abused either.
 */
export function stoppedAtEntrance(ctx: ActContext): Refusal | undefined {
  const { origin } = ctx.knock
  if (origin !== undefined && !isOwnOrigin(origin, ctx.node.addresses.origin)) return refuse(problems.foreign_origin)
  return ctx.principal.kind === 'anonymous' ? undefined : refuse(problems.signed_in)
}
