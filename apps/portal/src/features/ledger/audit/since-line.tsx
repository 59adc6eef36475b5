import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { useSession } from '../../../session.ts'
import { Moment } from '../../../ui/moment.tsx'
import { markLook, sinceLastLook } from './since-last-look.ts'

/** "42 entries since you last looked, yesterday." To be here is to look. */
export function SinceLine() {
  const { t } = useTranslation('ledger.audit')
  const format = useFormat()
  const person = useSession().user?.id ?? ''
  // What was new when the page was opened stays said until it is left.
  const { data } = useQuery({ ...sinceLastLook(person), staleTime: Number.POSITIVE_INFINITY })
  const size = data?.size
  useEffect(() => {
    if (size !== undefined) markLook(person, size)
  }, [person, size])
  if (data?.last === undefined) return null
  return (
    <Text>
      {t('since.count', { count: data.count, number: format.number(data.count) })} <Moment at={data.last.at} />
    </Text>
  )
}
