import './evidence.css'
import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Moment } from '../moment.tsx'
import { VerdictBox } from './verdict-box.tsx'

interface HaltedLogProps {
  readonly reason: 'behind' | 'missing' | 'unreachable'
  readonly since: string
}

/** Why a log signs nothing, since when, and what to do about it. */
export function HaltedLog({ reason, since }: HaltedLogProps) {
  const { t } = useTranslation()
  return (
    <VerdictBox verdict="bad" title={t('evidence.halted.title')}>
      <Text>
        {t(`evidence.halted.${reason}`)} {t('evidence.halted.since')} <Moment at={since} />
      </Text>
      <Text mt="xs">{t(`evidence.halted.do.${reason}`)}</Text>
    </VerdictBox>
  )
}
