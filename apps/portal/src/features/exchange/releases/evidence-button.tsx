import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { say } from '../../../ui/notices.tsx'
import { useProblemWords } from '../../../ui/problem-words.ts'
import { save } from '../../../ui/record-list/export.ts'
import { evidenceOf } from './queries.ts'

/** The evidence as one file that anybody can check with the verifier, without the node. */
export function EvidenceButton({ release }: { readonly release: string }) {
  const { t } = useTranslation('exchange.releases')
  const words = useProblemWords()
  const taking = useMutation({
    gcTime: 0,
    mutationFn: () => evidenceOf(release),
    onSuccess: (text) => save(`release-${release}.evidence.json`, 'application/json', text),
    onError: (error) => void say(words(error)),
  })
  return (
    <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={taking.isPending} onClick={() => taking.mutate()}>
      {t('evidenceFile')}
    </Button>
  )
}
