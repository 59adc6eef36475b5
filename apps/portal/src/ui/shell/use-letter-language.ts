import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { keepLanguage, letterLanguage } from '../../api.ts'
import type { Language } from '../../i18n/index.ts'
import { queryClient, useCan } from '../../session.ts'

const queryKey = ['letter-language']

/** Letters come in the language that somebody reads here: the node is told when it is another one. */
export function useLetterLanguage(): void {
  const can = useCan()
  const { i18n } = useTranslation()
  const kept = useQuery({ queryKey, queryFn: letterLanguage, enabled: can('update', 'notification'), staleTime: Number.POSITIVE_INFINITY }).data
  const read = i18n.language as Language
  useEffect(() => {
    if (kept === undefined || kept === read) return
    // A letter in the other language is no harm: it is tried again with the next page that opens.
    void keepLanguage(read).then(
      () => queryClient.setQueryData(queryKey, read),
      () => undefined,
    )
  }, [kept, read])
}
