import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../theme.ts'
import { Copyable } from './copyable.tsx'
import { Dialog } from './dialog.tsx'

interface ShownOnceProps {
  readonly title: string
  /** What it is for and on which way to hand it over. */
  readonly about: string
  /** A key or a link that the node keeps only as a hash. */
  readonly text: string
  readonly label: string
  readonly onClose: () => void
}

/** A secret that is shown this one time. Only its own buttons close the dialog, so that no stray click loses it. */
export function ShownOnce({ title, about, text, label, onClose }: ShownOnceProps) {
  const { t } = useTranslation()
  return (
    <Dialog opened onClose={onClose} title={title} firm>
      <Text>{about}</Text>
      <Copyable text={text} label={label} />
      <Alert color={meaning.attention} icon={<IconAlertTriangle aria-hidden />}>
        {t('shownOnce.warning')}
      </Alert>
      <Group justify="flex-end">
        <Button onClick={onClose}>{t('shownOnce.done')}</Button>
      </Group>
    </Dialog>
  )
}
