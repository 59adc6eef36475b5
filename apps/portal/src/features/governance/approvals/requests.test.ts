import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { PolicyItem } from '../policies/queries.ts'
import { erasureRequests, publishRequests } from './requests.ts'

const id = '0198c1de-7b3a-7c4d-8e5f-000000000001'
const policy = (changes: Partial<PolicyItem> = {}): PolicyItem => ({
  id,
  uid: 'loans',
  title: 'Loans',
  assignee: 'harbour-bank',
  state: 'active',
  active_version: 2,
  active_since: '2026-02-01T00:00:00Z',
  newest_version: 4,
  created_at: '2026-01-01T00:00:00Z',
  retired_at: null,
  ...changes,
})
const digest = (request: object) => createHash('sha256').update(JSON.stringify(request)).digest('hex')

describe('what an approval asks for', () => {
  it('is not told for a version that is no draft, a retired policy, or another request', async () => {
    const requests = await publishRequests([policy(), policy({ id: 'x', uid: 'old', state: 'retired' })])
    expect(requests.get(digest({ policy: id, version: '2' }))).toBeUndefined()
    expect(requests.get(digest({ policy: 'old', version: '3' }))).toBeUndefined()
    expect(requests.get(digest({ policy: id, version: '5' }))).toBeUndefined()
  })

  it('is the erasure whose approval has the digest', async () => {
    const requests = await erasureRequests([id])
    expect(requests.get(digest({ erasure: id }))).toBe(id)
    expect(requests.get(digest({ erasure: 'another' }))).toBeUndefined()
  })

  it('is found by its digest, whether the policy was named by its id or by its uid', async () => {
    const requests = await publishRequests([policy()])
    expect(requests.get(digest({ policy: id, version: '3' }))).toMatchObject({ version: 3, key: id })
    expect(requests.get(digest({ policy: 'loans', version: '4' }))).toMatchObject({ version: 4, key: 'loans' })
  })
})
