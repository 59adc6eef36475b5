import { deflateSync } from 'node:zlib'
import type { Id } from '@gatehouse/core/id'
import { Problem } from '@gatehouse/core/problem'
import { idSchema } from '@gatehouse/core/schema'
import { packList, signList, statusListType } from '@gatehouse/credentials/status/status-list'
import type { Node } from '@gatehouse/runtime/door/node'
import { type FileAnswer, operation } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { institutionOf, listAddress, openly, signingKey } from '../institution.ts'
import { listLifeSeconds, listTtlSeconds } from '../schema.ts'
import { listExists, notValid } from '../store.ts'

/** Made anew for whoever asks, so a change stands in the next list that is fetched. @throws Problem where there is no such list */
export async function signedList(node: Node, tenant: Id<'tenant'>, list: number): Promise<string> {
  const { statuses, key } = await openly(node, tenant, async (tx) => {
    if (!(await listExists(tx, list))) throw new Problem(doorProblems.not_found)
    return { statuses: await notValid(tx, list), key: await signingKey(tx, node, tenant) }
  })
  const { base, did } = institutionOf(node, tenant)
  const issuedAt = Math.floor(node.source.nowMs() / 1000)
  const token = { uri: listAddress(base, list), issuer: did, keyId: key.id, issuedAt, expiresAt: issuedAt + listLifeSeconds, ttl: listTtlSeconds }
  return signList(packList(statuses), token, deflateSync, key.sign)
}

export const statusList = operation({
  name: 'credentials.status_list',
  summary: 'Read the status of the credentials of a list',
  description: 'A signed Token Status List. Whoever fetches it does not say whose status is wanted.',
  kind: 'steps',
  answers: 'file',
  mediaTypes: [`application/${statusListType}`],
  input: z.object({ tenant: idSchema('tenant'), list: z.coerce.number().int().min(1).max(1_000_000) }),
  output: z.custom<FileAnswer>(),
  access: { public: 'whoever is shown a credential has to learn whether it was revoked' },
  audit: { none: 'a list of places names nobody, and who asks for it is not to be known' },
  http: { method: 'GET', path: '/institutions/:tenant/status/:list', cached: true },
  example: { input: { tenant: '01980000-0000-7000-8000-000000000001', list: 1 } },
  problems: [doorProblems.not_found],
  async run({ node }, { tenant, list }) {
    const text = await signedList(node, tenant, list)
    return {
      mediaType: `application/${statusListType}`,
      cache: `public, max-age=${listTtlSeconds}`,
      chunks: (async function* () {
        yield text
      })(),
    }
  },
})
