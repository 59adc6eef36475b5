/** Who the person is connected with by consents, and how to end that. */
import type { Id } from '@gatehouse/core/id'
import { slugSchema } from '@gatehouse/core/schema'
import { operation, refuse, type TransactionContext } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { ownSubject, type Subject } from '../../subjects/index.ts'
import { findPartner, partnersNamed } from '../partners/index.ts'
import type { ConsentDocument, KeptConsent } from './document.ts'
import { recordConsents } from './record.ts'
import { consentFacts, consentKeySchema, ownConsent, type Terms } from './schema.ts'
import { listConsents, lockConsent, withdrawConsent } from './store.ts'

const consentsLooked = 1_000

export const myConnections = operation({
  name: 'consents.connections_mine',
  summary: 'List who may receive something about one by one’s own consents',
  description: 'Partners that are named in consents in force. A consent that names every partner is counted apart.',
  input: z.strictObject({}),
  output: z.strictObject({
    connections: z.array(z.strictObject({ partner: z.string(), name: z.string().nullable(), consents: z.array(consentKeySchema) })),
    everybody: z.int().describe('Consents in force that name every partner'),
  }),
  access: { action: 'read', on: ownConsent },
  audit: (_input, { connections }) => ({ details: { connections: connections.length } }),
  http: { method: 'GET', path: '/v1/me/connections' },
  example: { input: {} },
  problems: [doorProblems.not_found],
  async run(ctx) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const inForce = await consentsNow(ctx, subject)
    const named = new Map<string, Id<'consent'>[]>()
    for (const { document } of inForce)
      for (const partner of document.recipients) if (partner !== '*') named.set(partner, [...(named.get(partner) ?? []), document.id])
    const partners = await partnersNamed(ctx.tx, named.keys())
    return {
      connections: [...named].map(([partner, consents]) => ({ partner, name: partners.get(partner)?.name ?? null, consents })),
      everybody: inForce.filter(({ document }) => document.recipients.includes('*')).length,
    }
  },
})

export const disconnectMe = operation({
  name: 'consents.disconnect_mine',
  summary: 'Take a partner out of one’s own consents',
  description:
    'A consent that names only this partner is withdrawn; one that names others too is superseded by a version without it. One that names every partner stays: withdraw it by itself.',
  input: z.strictObject({ partner: slugSchema }),
  output: z.strictObject({ withdrawn: z.int(), narrowed: z.int(), everybody: z.int() }),
  access: { action: 'update', on: ownConsent },
  audit: (_input, counts) => ({ details: counts }),
  http: { method: 'POST', path: '/v1/me/connections/:partner/disconnect' },
  example: { input: { partner: 'harbour-bank' } },
  problems: [doorProblems.not_found],
  async run(ctx, { partner }) {
    const subject = await ownSubject(ctx.tx, ctx.principal)
    if (subject === undefined) return refuse(doorProblems.not_found)
    ctx.describe({ subject: { id: subject.id, commitment: subject.commitment } })
    const inForce = await consentsNow(ctx, subject)
    const named = inForce.filter(({ document }) => document.recipients.includes(partner))
    // Towards another controller a consent covers that one alone, whoever else is named.
    const alone = named.filter(({ document }) => document.recipients.length === 1 || document.controller === partner)
    const shared = named.filter((consent) => !alone.includes(consent))
    for (const { document } of alone) await withdrawOne(ctx, subject, document.id, partner)
    for (const { document } of shared) await narrow(ctx, subject, document, partner)
    return {
      withdrawn: alone.length,
      narrowed: shared.length,
      everybody: inForce.filter(({ document }) => document.recipients.includes('*')).length,
    }
  },
})

function consentsNow(ctx: TransactionContext, subject: Subject): Promise<KeptConsent[]> {
  return listConsents(ctx.tx, subject.id, { before: undefined, inForceAt: ctx.now, limit: consentsLooked })
}

async function withdrawOne(ctx: TransactionContext, subject: Subject, id: Id<'consent'>, partner: string): Promise<void> {
  const withdrawn = await withdrawConsent(ctx.tx, subject.id, id, ctx.now, undefined)
  // Somebody else withdrew it a moment ago, and told of it.
  if (withdrawn === undefined) return
  const recipient = await findPartner(ctx.tx, partner)
  const recipients = recipient === undefined ? [] : [recipient.id]
  await ctx.record(ctx.tx, 'consents.withdraw_mine', consentFacts(subject, { id, digest: withdrawn.digest }), [
    { type: 'consents.withdrawn', subject: id, data: { consent: id, subject: subject.id, recipients } },
  ])
}

/** The next version says the same, without the partner, and ends when the one before would have ended. */
async function narrow(ctx: TransactionContext, subject: Subject, before: ConsentDocument, partner: string): Promise<void> {
  const kept = await lockConsent(ctx.tx, subject.id, before.id)
  if (kept === undefined || kept.withdrawn_at !== null || kept.superseded_by !== null) return
  const [recorded] = await recordConsents(ctx, ctx.tx, [{ subject, terms: termsWithout(before, partner), before: kept }])
  if (recorded === undefined) return
  const { document, digest } = recorded.consent
  const facts = consentFacts(subject, { id: document.id, digest })
  await ctx.record(ctx.tx, 'consents.give_mine', { ...facts, details: { ...facts.details, supersedes: before.id } }, [
    { type: 'consents.given', subject: document.id, data: { consent: document.id, subject: subject.id } },
  ])
}

function termsWithout(document: ConsentDocument, partner: string): Terms {
  const { purposes, recipients, data_classes, until, notice_version, language, controller, processing, offer } = document
  return {
    purposes: [...purposes],
    recipients: recipients.filter((name) => name !== partner),
    data_classes: [...data_classes],
    method: 'electronic_form',
    ...(until === null ? {} : { until }),
    ...(notice_version === null ? {} : { notice_version }),
    ...(language === null ? {} : { language }),
    ...(controller == null ? {} : { controller }),
    ...(processing == null ? {} : { processing }),
    ...(offer == null ? {} : { offer }),
  }
}
