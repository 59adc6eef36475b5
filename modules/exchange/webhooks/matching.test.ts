import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import type { CloudEvent } from '@gatehouse/runtime/work/outbox'
import { describe, expect, it } from 'vitest'
import { wants } from './matching.ts'
import { pingType } from './schema.ts'

const id = '01980000-0000-7000-8000-00000000f001' as Id<'webhook'>
const partner = '01980000-0000-7000-8000-00000000b001' as Id<'partner'>
const own = { id, owner: null, types: null, created_at: '2026-11-22T09:30:00.000Z' as Instant }
const theirs = { ...own, owner: partner }

const event = (more: Partial<CloudEvent> = {}): CloudEvent => ({
  specversion: '1.0',
  id: '01980000-0000-7000-8000-00000000e001' as Id<'event'>,
  source: '/tenants/x',
  type: 'release.redeemed',
  time: '2026-11-22T09:30:01.000Z',
  datacontenttype: 'application/json',
  data: { release: 'r', partner },
  logindex: 4,
  ...more,
})

describe('a webhook is not told', () => {
  it.each([
    ['a partner: what names another', theirs, event({ data: { partner: '01980000-0000-7000-8000-00000000b002' } })],
    ['a partner: what names nobody', theirs, event({ data: {} })],
    ['a partner: what names it elsewhere than in data.partner', theirs, event({ subject: partner, data: { partners: [partner] } })],
    ['a type it did not choose', { ...own, types: ['release.authorized'] }, event()],
    ['a type that only begins alike', { ...own, types: ['release.redeem'] }, event()],
    ['what happened before it was there', own, event({ time: '2026-11-22T09:29:59.999Z' })],
    ['the test of another webhook', own, event({ type: pingType, subject: '01980000-0000-7000-8000-00000000f002' })],
    ['a test made in its name for another owner', theirs, event({ type: pingType, subject: id, data: { webhook: id } })],
  ])('%s', (_, webhook, news) => {
    expect(wants(webhook, news)).toBe(false)
  })
})

describe('a webhook is told', () => {
  it.each([
    ['the institution: everything', own, event({ data: {} })],
    ['a partner: what names it', theirs, event()],
    ['a type it chose', { ...own, types: ['consents.given', 'release.redeemed'] }, event()],
    ['its own test, whatever types it chose', { ...own, types: ['consents.given'] }, event({ type: pingType, subject: id })],
  ])('%s', (_, webhook, news) => {
    expect(wants(webhook, news)).toBe(true)
  })
})
