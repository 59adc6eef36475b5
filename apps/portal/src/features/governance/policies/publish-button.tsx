import { useTranslation } from 'react-i18next'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { approvalsKey } from '../approvals/queries.ts'
import { policiesKey, publishVersion } from './queries.ts'

/** Asks for a draft to be put in force; it happens when a second person asks for the same. */
export function PublishButton({ policy, version }: { readonly policy: string; readonly version: number }) {
  const { t } = useTranslation('governance.policies')
  const can = useCan()
  if (!can('publish', 'policy')) return null
  return (
    <ConfirmButton
      label={t('publish.label', { version })}
      title={t('publish.title', { version })}
      consequence={t('publish.consequence')}
      confirm={t('publish.confirm')}
      act={async () => {
        const outcome = await publishVersion(policy, version)
        await Promise.all([queryClient.invalidateQueries({ queryKey: policiesKey }), queryClient.invalidateQueries({ queryKey: approvalsKey })])
        void say(outcome === 'waiting' ? t('publish.waiting') : t('publish.done'))
      }}
    />
  )
}
