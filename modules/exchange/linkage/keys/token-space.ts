/**
 * The token space of a project: the audience of its tokens, and the keys they are made and read with. A key is derived (HKDF) from one
 * secret of the institution, the project's id and the number of its version, so no table holds a key or the wrapping of one, and what
 * a project's table of keys loses or gains changes no token. What ends a version is its window: nothing is made or read with it after.
 */
import { type Id, newId } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { type AudienceKey, deriveAudienceKey, makingKey, readingKeys } from '@gatehouse/linkage/token/key'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import { openProject, type Project, projectById } from '../../../governance/projects/index.ts'
import { insertKey, type KeyRow, keyRows } from './store.ts'

/** Of all keys of all projects of the institution; rotation of the institution's key moves it as every named secret. */
const masterName = 'linkage/master'

export const keyIdOf = (version: number) => `k${version}`
export const versionOf = (keyId: string) => Number(keyId.slice(1))
/** A project's id is a name that can stand in a token. */
export const audienceOf = (project: Id<'project'>) => project

async function derive(node: Node, tenant: Id<'tenant'>, { id, ends_at }: Project, rows: readonly KeyRow[]): Promise<AudienceKey[]> {
  const master = await node.keys.secret(tenant, masterName)
  return rows
    .map(({ version, not_before, not_after }) => ({
      audience: audienceOf(id),
      keyId: keyIdOf(version),
      notBefore: not_before,
      notAfter: not_after === null || not_after > ends_at ? ends_at : not_after,
    }))
    .filter(({ notBefore, notAfter }) => notBefore < notAfter)
    .map((wanted) => deriveAudienceKey(node.keys.primitives, master, wanted))
}

/**
 * The keys whose tokens join in this project now; the first version is made when it is first asked for.
 * @returns none where the project is over, suspended or not begun
 */
export async function readingKeysOf(tx: Tx, node: Node, tenant: Id<'tenant'>, project: Id<'project'>, now: Instant): Promise<AudienceKey[]> {
  const open = await openProject(tx, project, now)
  if (open === undefined) return []
  const rows = await keyRows(tx, project)
  if (rows.length === 0) {
    await insertKey(tx, project, { id: newId<'link_key'>(node.source), version: 1, not_before: now, made_by: 'system', made_at: now })
    // Of two that ask first at once one has made it, perhaps with another beginning.
    rows.push(...(await keyRows(tx, project)))
  }
  return readingKeys(await derive(node, tenant, open.project, rows), audienceOf(project), now)
}

/**
 * The key that makes the project's tokens now.
 * @throws TokenError `no_key` where the project is over, suspended or not begun
 */
export async function tokenKeyOf(tx: Tx, node: Node, tenant: Id<'tenant'>, project: Id<'project'>, now: Instant): Promise<AudienceKey> {
  return makingKey(await readingKeysOf(tx, node, tenant, project, now), audienceOf(project), now)
}

/**
 * Every key that the project ever had, by its id, whether or not it is over: for re-identification, which makes the tokens of candidates
 * anew with the key that a result was made with. Only for that; what joins is `readingKeysOf`.
 */
export async function everyKeyOf(tx: Tx, node: Node, tenant: Id<'tenant'>, project: Id<'project'>): Promise<ReadonlyMap<string, AudienceKey>> {
  const found = await projectById(tx, project)
  const keys = found === undefined ? [] : await derive(node, tenant, found, await keyRows(tx, project))
  return new Map(keys.map((key) => [key.keyId, key]))
}
