/** Which application speaks, before it has proven to be it. */
import { type Id, parseId } from '@gatehouse/core/id'
import { fromBase64, utf8Text } from '@gatehouse/crypto/bytes'
import { systemPrincipal } from '@gatehouse/runtime/base/context'
import type { TransactionContext } from '@gatehouse/runtime/door/operation'
import { anyApplication, deploymentRows } from '../store.ts'
import type { Serving } from './adapter.ts'

/** By its own name in the form, or in the user's place of HTTP basic authentication (RFC 6749 section 2.3.1). */
export function clientNamed(authorization: string | undefined, named: string | undefined): Id<'application'> | undefined {
  const [, basic] = /^basic +(\S+)$/i.exec(authorization ?? '') ?? []
  const bytes = basic === undefined ? undefined : fromBase64(basic)
  // Both halves are encoded like a form's (RFC 6749 section 2.3.1), and some encode every hyphen.
  const text = bytes === undefined ? named : utf8Text(bytes)?.split(':')[0]?.replaceAll(/%2d/gi, '-')
  return text === undefined ? undefined : parseId<'application'>(text)
}

/** Goes on as the node for the institution of the application. @returns `undefined` where there is no such application */
export async function serve(ctx: TransactionContext, named: string | undefined): Promise<Serving | undefined> {
  // Whoever comes as somebody already is no application that proves itself.
  const id = ctx.principal.kind === 'anonymous' ? clientNamed(ctx.knock.authorization, named) : undefined
  const application = id === undefined ? undefined : await anyApplication(ctx.tx, id)
  if (application === undefined) return undefined
  await ctx.actAs(systemPrincipal(application.tenant_id, 'application'))
  ctx.describe({ object: { kind: 'application', id: application.id } })
  const audiences = (await deploymentRows(ctx.tx, application.tenant_id)).flatMap(({ audience }) => (audience === null ? [] : [audience]))
  return { ctx, application, audiences }
}
