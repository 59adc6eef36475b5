/** Secrets in the node's own database, each version sealed under the tenant's key and bound to its tenant, name and number. */
import { instantOf } from '@gatehouse/core/instant'
import { open, seal } from '@gatehouse/crypto/aead'
import { lengthPrefixed } from '@gatehouse/crypto/bytes'
import type { Source } from '../../base/context.ts'
import type { Database } from '../db.ts'
import { storedSecretContext } from '../keys/contexts.ts'
import type { Keys } from '../keys/keys.ts'
import { checkSecret, checkSecretName, type SecretFacts, type SecretStore, SecretStoreError } from './secret-store.ts'
import { deleteName, deleteVersions, findVersion, insertVersion, listVersions, lockName, type VersionRow } from './store.ts'

const contextOf = (tenant: string, name: string, version: number) => lengthPrefixed(storedSecretContext(tenant, name, version))

export function sealedTable(database: Database, keys: Keys, source: Pick<Source, 'nowMs'>): SecretStore {
  return {
    kind: 'sealed table',
    async put(tenant, name, value, leaseSeconds) {
      checkSecret(name, value, leaseSeconds)
      const kek = await keys.kek(tenant)
      return database.transaction(tenant, async (tx) => {
        await lockName(tx, name)
        const rows = await listVersions(tx, name)
        const version = (rows.at(-1)?.version ?? 0) + 1
        const sealed = seal(keys.primitives, kek.key, value, contextOf(tenant, name, version))
        const row = { name, version, lease_seconds: leaseSeconds, created_at: instantOf(source.nowMs()), kek_version: kek.version, sealed }
        await insertVersion(tx, row)
        // Only the version just replaced may still be in somebody's hands.
        await deleteVersions(tx, name, version - 1)
        return factsOf([...rows, row], source.nowMs())
      })
    },
    async read(tenant, name, wanted) {
      checkSecretName(name)
      const found = await database.transaction(tenant, async (tx) => {
        const rows = await listVersions(tx, name)
        const version = wanted ?? rows.at(-1)?.version
        const index = rows.findIndex((row) => row.version === version)
        const facts = rows[index]
        if (facts === undefined) return undefined
        const endsMs = endOf(facts, rows[index + 1])
        const row = await findVersion(tx, name, facts.version)
        return row && { row, endsMs }
      })
      const nowMs = source.nowMs()
      if (found === undefined || found.endsMs <= nowMs) return undefined
      const { row, endsMs } = found
      const kek = await keys.kekVersion(tenant, row.kek_version)
      const value = open(keys.primitives, kek.key, row.sealed, contextOf(tenant, name, row.version))
      if (value === undefined) throw new SecretStoreError(`the secret ${name} does not open with its tenant's key: its row was changed or moved`)
      return { value, version: row.version, leaseEndsMs: Math.min(nowMs + row.lease_seconds * 1000, endsMs) }
    },
    async describe(tenant, name) {
      checkSecretName(name)
      const rows = await database.transaction(tenant, (tx) => listVersions(tx, name))
      return rows.length === 0 ? undefined : factsOf(rows, source.nowMs())
    },
    async list(tenant) {
      const rows = await database.transaction(tenant, (tx) => listVersions(tx, undefined))
      const names = [...new Set(rows.map((row) => row.name))]
      return names.map((name) =>
        factsOf(
          rows.filter((row) => row.name === name),
          source.nowMs(),
        ),
      )
    },
    async delete(tenant, name) {
      checkSecretName(name)
      return (await database.transaction(tenant, (tx) => deleteName(tx, name))) > 0
    },
  }
}

/** A version ends one of its leases after the next was made. */
function endOf(row: VersionRow, next: VersionRow | undefined): number {
  return next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.created_at) + row.lease_seconds * 1000
}

function factsOf(rows: readonly VersionRow[], nowMs: number): SecretFacts {
  const [newest, earlier] = [rows.at(-1), rows.at(-2)]
  if (newest === undefined) throw new SecretStoreError('a secret without versions has no facts')
  const until = earlier === undefined ? 0 : endOf(earlier, newest)
  return {
    name: newest.name,
    version: newest.version,
    createdMs: Date.parse(newest.created_at),
    leaseSeconds: newest.lease_seconds,
    ...(until > nowMs ? { earlierUntilMs: until } : {}),
  }
}
