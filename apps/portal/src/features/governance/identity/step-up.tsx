import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../../session.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { Prove } from './prove.tsx'

/** Asks for a factor before a dangerous act. */
export function StepUp({ onAnswer }: { readonly onAnswer: (proven: boolean) => void }) {
  const { t } = useTranslation('governance.identity')
  const { factors, mailed_code, texted_code } = useSession()
  return (
    <Dialog opened onClose={() => onAnswer(false)} title={t('stepUp.title')}>
      <Text>{t('stepUp.about')}</Text>
      <Prove factors={factors} byMail={mailed_code} bySms={texted_code} onProven={() => onAnswer(true)} />
    </Dialog>
  )
}
