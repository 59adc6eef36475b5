import { Problem } from '@gatehouse/core/problem'
import { operation, refuse } from '@gatehouse/runtime/door/operation'
import { registerSubjects } from '../../../subjects/index.ts'
import { consentsProblems } from '../problems.ts'
import { guardianshipSchema, recordGuardianSchema } from './schema.ts'
import { type Guardianship, insertGuardianship } from './store.ts'
import { cannotActAlone, guardianViews } from './ward.ts'

export const recordGuardian = operation({
  name: 'consents.record_guardian',
  summary: 'Record who may act for a person',
  description:
    'The guardian, who has a page of their own by invitation, then reads the person’s consents and disclosures, and gives and withdraws on their behalf. Parental responsibility ends by itself when the person comes of age.',
  input: recordGuardianSchema,
  output: guardianshipSchema,
  access: { action: 'create', on: () => ({ type: 'consent' }) },
  audit: (_input, { id }) => ({ object: { kind: 'guardianship', id } }),
  http: { method: 'POST', path: '/v1/guardians', status: 201 },
  example: {
    input: { user_id: 'EMP-0001', guardian_user_id: 'EMP-0002', basis: 'parental_responsibility', born: '2015-03-09', evidence_reference: 'deed 12/2026' },
  },
  problems: [consentsProblems.guardian_refused, consentsProblems.person_erased],
  async run(ctx, input) {
    const fault = (member: string, detail: string) => new Problem(consentsProblems.guardian_refused, undefined, { errors: [{ pointer: `/${member}`, detail }] })
    if (input.user_id === input.guardian_user_id) throw fault('guardian_user_id', 'nobody is their own guardian')
    if (input.basis === 'parental_responsibility' && input.born === undefined)
      throw fault('born', 'parental responsibility ends at an age, so the date of birth is needed')
    if (input.until !== undefined && input.until <= (input.from ?? ctx.now)) throw fault('until', 'the end lies before the beginning')
    const people = await registerSubjects(ctx.tx, ctx.node, [input.user_id, input.guardian_user_id])
    const [ward, guardian] = [people.get(input.user_id), people.get(input.guardian_user_id)]
    if (ward === undefined || guardian === undefined) throw new Error('a person was registered but is not in the answer')
    const person = { subject: { id: ward.id, commitment: ward.commitment } }
    if (ward.status !== 'active' || guardian.status !== 'active') return refuse(consentsProblems.person_erased, undefined, person)
    const row: Guardianship = {
      subject_id: ward.id,
      id: ctx.newId<'guardianship'>(),
      guardian_id: guardian.id,
      basis: input.basis,
      valid_from: input.from ?? ctx.now,
      valid_until: input.until ?? null,
      born: input.born ?? null,
      jointly: input.jointly,
      label: input.label ?? null,
      evidence_reference: input.evidence_reference ?? null,
      recorded_at: ctx.now,
      revoked_at: null,
    }
    const [view] = await guardianViews(ctx.tx, [row], ctx.now)
    if (view === undefined) throw new TypeError('one guardianship has one view')
    if (view.state === 'of_age') throw fault('born', 'the person is of age by that date; a court order or a power of attorney can be recorded')
    if (await cannotActAlone(ctx.tx, guardian.id, ctx.now)) throw fault('guardian_user_id', 'somebody acts for this person too; name who can act alone')
    await insertGuardianship(ctx.tx, row)
    ctx.describe({ ...person, details: { guardian_c: guardian.commitment, basis: input.basis, jointly: input.jointly } })
    ctx.publish({ type: 'consents.guardian_recorded', subject: row.id, data: { guardianship: row.id, subject: ward.id } })
    return view
  },
})
