import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { z } from 'zod'
import { keyScopeSchema, reachesNoFurther } from '../access/index.ts'
import { findPartner } from '../partners/index.ts'
import { scopeWords } from './api-key.ts'
import { makeKey } from './make-key.ts'
import { operatorId } from './operator.ts'
import { problems } from './problems.ts'
import { apiKeySchema, limits, partnerInput } from './schema.ts'

export const issueKey = operation({
  name: 'identity.issue_key',
  summary: 'Issue an API key',
  description:
    'For the named partner, or for the person who asks; an engineer issues keys of the own partner. The key is shown once. With scopes it reaches only what they name, and never further than its owner; without them it is a master key. Change it with a rotation.',
  input: z.strictObject({
    /** Id or reference. */
    partner: partnerInput.optional(),
    label: z.string().trim().min(1).max(100),
    expires_in_days: z.number().int().min(1).max(limits.keyDays).default(limits.keyDaysDefault),
    /** What it is limited to; without them it is a master key. */
    scopes: z.array(keyScopeSchema).min(1).max(limits.keyScopes).optional(),
  }),
  output: z.strictObject({ key: z.string(), api_key: apiKeySchema }),
  access: { action: 'create', on: (input, principal) => ({ type: 'api_key', owner: principal.partner ?? input.partner ?? principal.id }) },
  audit: (_input, { api_key: key }) => ({
    object: { kind: 'api_key', id: key.id },
    details: { owner_kind: key.owner_kind, owner: key.owner, expires_at: key.expires_at, scopes: scopeWords(key.scopes) },
  }),
  secretOutput: true,
  stepUp: true,
  http: { method: 'POST', path: '/v1/api-keys', status: 201 },
  example: { input: { partner: 'acme-bank', label: 'production', expires_in_days: 365 } },
  problems: [problems.no_partner, problems.key_reaches_further],
  async run(ctx, input) {
    const owner = await ownerOf(ctx, input.partner)
    if (owner === undefined) return refuse(problems.no_partner)
    if (!reachesNoFurther(input.scopes, ctx.principal.scopes)) return refuse(problems.key_reaches_further)
    const wanted = { id: ctx.newId<'api_key'>(), owner_kind: owner.kind, owner_id: owner.id, label: input.label, scopes: input.scopes ?? null }
    return makeKey(ctx, wanted, input.expires_in_days * 86_400)
  },
})

async function ownerOf({ tx, principal }: TransactionContext, named: string | undefined): Promise<{ kind: 'partner' | 'user'; id: string } | undefined> {
  const partner = named ?? principal.partner
  if (partner !== undefined) {
    const found = await findPartner(tx, partner)
    const others = principal.partner !== undefined && principal.partner !== found?.id
    return found?.status === 'active' && !others ? { kind: 'partner', id: found.id } : undefined
  }
  // The operator's own key is made anew at every start; another one would outlive its reason.
  return principal.kind === 'user' && principal.id !== operatorId ? { kind: 'user', id: principal.id } : undefined
}
