/** What a report about disclosures is asked for, found in the registers: the partner by id or reference, the person by the outside id. */
import type { Id } from '@gatehouse/core/id'
import type { Instant } from '@gatehouse/core/instant'
import { Problem } from '@gatehouse/core/problem'
import type { Tx } from '@gatehouse/runtime/data/db'
import type { Node } from '@gatehouse/runtime/door/node'
import type { AuditFacts } from '@gatehouse/runtime/door/operation'
import { doorProblems } from '@gatehouse/runtime/door/problems'
import { z } from 'zod'
import { findPartner } from '../../governance/partners/index.ts'
import { findSubject, userIdSchema } from '../../subjects/index.ts'
import { checkPeriod, period } from './schema.ts'

export const asked = {
  ...period,
  partner: z.string().min(1).max(63).optional().describe('A partner’s id or reference.'),
  user_id: userIdSchema.optional(),
}

interface Question {
  readonly from: Instant
  readonly to: Instant
  readonly partner?: string | undefined
  readonly user_id?: string | undefined
}

export interface Asked {
  readonly partner: Id<'partner'> | undefined
  /** Nobody's id where the person is unknown: the report is then empty, and says no more. */
  readonly subject: Id<'subject'> | undefined
  readonly facts: AuditFacts
}

const nobody = '00000000-0000-0000-0000-000000000000' as Id<'subject'>

/** @throws Problem `not_found` for a partner that is none, `input_invalid` for a period that ends before it begins */
export async function findAsked(tx: Tx, node: Node, question: Question): Promise<Asked> {
  checkPeriod(question)
  const [partner, subject] = await Promise.all([
    question.partner === undefined ? undefined : findPartner(tx, question.partner),
    question.user_id === undefined ? undefined : findSubject(tx, node, question.user_id),
  ])
  if (question.partner !== undefined && partner === undefined) throw new Problem(doorProblems.not_found, 'there is no such partner')
  return {
    partner: partner?.id,
    subject: question.user_id === undefined ? undefined : (subject?.id ?? nobody),
    facts: {
      // As the object: an entry that names a partner as its own is shown to the partner.
      ...(partner === undefined ? {} : { object: { kind: 'partner', id: partner.id } }),
      // After an erasure nothing that is written leads to the person any more.
      ...(subject?.status === 'active' ? { subject: { id: subject.id, commitment: subject.commitment } } : {}),
    },
  }
}
