import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, ask } from '../../api.ts'
import { useFormat } from '../../i18n/format.ts'
import { useCan } from '../../session.ts'
import { say } from '../notices.tsx'
import { useProblemWords } from '../problem-words.ts'
import { save } from '../record-list/export.ts'

type About =
  | { readonly kind: 'release'; readonly id: string }
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'partner'; readonly id: string }

function fetchEvidence({ kind, id }: About) {
  if (kind === 'release') return ask(() => api.GET('/v1/releases/{release}/evidence', { params: { path: { release: id } } }))
  if (kind === 'person') return ask(() => api.GET('/v1/evidence/people/{subject}', { params: { path: { subject: id } } }))
  return ask(() => api.GET('/v1/evidence/projects', { params: { query: { partner: id } } }))
}

/** The evidence as one file that anybody can check with the verifier, without the node. */
export function EvidenceDownload({ kind, id }: About) {
  const { t } = useTranslation()
  const format = useFormat()
  const words = useProblemWords()
  const can = useCan()
  const taking = useMutation({
    gcTime: 0,
    mutationFn: () => fetchEvidence({ kind, id }),
    onSuccess(bundle) {
      save(`${kind}-${id}.evidence.json`, 'application/json', `${JSON.stringify(bundle, null, 2)}\n`)
      if (bundle.selection.left_out > 0) void say(t('evidence.leftOut', { number: format.number(bundle.selection.left_out) }))
    },
    onError: (error) => void say(words(error)),
  })
  if (!can('export', 'evidence')) return null
  return (
    <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} loading={taking.isPending} onClick={() => taking.mutate()}>
      {t('evidence.takeAway')}
    </Button>
  )
}
