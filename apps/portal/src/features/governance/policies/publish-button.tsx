import { useTranslation } from 'react-i18next'
import { queryClient, useCan } from '../../../session.ts'
import { ConfirmButton } from '../../../ui/confirm-button.tsx'
import { say } from '../../../ui/notices.tsx'
import { approvalsKey } from '../approvals/queries.ts'
import { AskReview, useDemanded } from '../reviews/ask-review.tsx'
import { policiesKey, publishVersion } from './queries.ts'

interface DraftProps {
  readonly policy: string
  readonly version: number
}

/** The way into force that the institution has chosen: two people, or a review, which is always of the newest draft. */
export function PutInForce({ newest = true, ...draft }: DraftProps & { readonly newest?: boolean }) {
  const { t } = useTranslation('governance.policies')
  const can = useCan()
  const demanded = useDemanded('policy_publication')
  if (!can('publish', 'policy') || demanded === undefined) return null
  if (!demanded) return <PublishButton {...draft} />
  const word = (name: string) => t(`review.${name}`, { version: draft.version })
  const words = {
    label: word('label'),
    title: word('title'),
    consequence: word('consequence'),
    confirm: word('confirm'),
    done: word('done'),
    open: word('open'),
  }
  return newest ? <AskReview kind="policy_publication" object={draft.policy} words={words} /> : null
}

/** Asks for a draft to be put in force; it happens when a second person asks for the same. */
function PublishButton({ policy, version }: DraftProps) {
  const { t } = useTranslation('governance.policies')
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
