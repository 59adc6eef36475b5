import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { scopeWord } from '../access/index.ts'
import type { Application } from './schema.ts'
import type { ApplicationRow } from './store.ts'

/** An application as people see it; of its secret nothing is left to see. */
export function applicationOf(row: ApplicationRow): Application {
  const { tenant_id: _, secret_hash: __, owner_id: owner, deployment_id: deployment, client_id: client, ...rest } = row
  return { ...rest, owner, elsewhere: deployment === null || client === null ? null : { deployment, client_id: client } }
}

/** What the ledger keeps of an act on it: what it may, never what it is called. */
export function applicationFacts({ id, state, revision, owner_kind, owner, scopes, claims, redirect_uris: uris, acts_by_itself }: Application): AuditFacts {
  const words = scopes.map(scopeWord).join(' ')
  return {
    object: { kind: 'application', id },
    details: {
      state,
      revision,
      owner_kind,
      owner,
      scopes: words.length > 200 ? `${scopes.length} scopes` : words,
      claims,
      redirects: uris.length,
      acts_by_itself,
    },
  }
}
