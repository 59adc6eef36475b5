import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from './confirm-button.tsx'

/** Asks before something that is not saved is left behind. */
export function LeaveGuard({ unsaved }: { readonly unsaved: () => boolean }) {
  const { t } = useTranslation()
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && unsaved(),
    enableBeforeUnload: unsaved,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      opened={status === 'blocked'}
      onClose={() => reset?.()}
      title={t('leave.title')}
      consequence={t('leave.consequence')}
      confirm={t('leave.confirm')}
      act={async () => proceed?.()}
    />
  )
}
