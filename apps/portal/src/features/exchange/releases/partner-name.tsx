import { useQuery } from '@tanstack/react-query'
import { useCan } from '../../../session.ts'
import { ShortId } from '../../../ui/short-id.tsx'
import { receiverQuery } from './queries.ts'

/** The partner by name for those who may know it, and its id for everybody. */
export function PartnerName({ id }: { readonly id: string }) {
  const can = useCan()
  const partner = useQuery({ ...receiverQuery(id), enabled: can('read', 'partner') })
  return (
    <>
      {partner.data === undefined ? null : `${partner.data.name} `}
      <ShortId id={id} kind="partner" />
    </>
  )
}
