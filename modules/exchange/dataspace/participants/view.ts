import type { Partner } from '../../../governance/partners/index.ts'
import type { ParticipantView } from '../schema.ts'
import type { ParticipantRow } from './store.ts'

export const viewOf = (
  { id, participant_id, address, place, state, created_at }: ParticipantRow,
  { reference, name }: Pick<Partner, 'reference' | 'name'>,
): ParticipantView => ({
  id,
  partner: reference,
  partner_name: name,
  participant_id,
  address,
  place,
  state,
  created_at,
})
