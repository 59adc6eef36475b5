import { List, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import { Moment } from '../moment.tsx'
import type { FollowedLog, LogRefusal } from './follow-log.ts'
import type { CheckedEntry } from './queries.ts'
import { VerdictBox } from './verdict-box.tsx'

/** The first thing that is wrong with an entry's evidence: the log it stands in comes before the entry itself. */
export function faultOf({ log, inclusion }: Pick<CheckedEntry, 'log' | 'inclusion'>): LogRefusal | undefined {
  if (!log.good) return log
  return inclusion.good ? undefined : inclusion
}

/** What is wrong, where, and what to do; said at once to whoever cannot see it. */
export function FaultVerdict({ fault }: { readonly fault: LogRefusal }) {
  const { t } = useTranslation()
  const format = useFormat()
  const cannotTell = fault.fault === 'no_cryptography'
  return (
    <VerdictBox verdict={cannotTell ? 'cannot-tell' : 'bad'} title={t(cannotTell ? 'evidence.cannotTell' : 'evidence.bad')}>
      <Text>{t(`evidence.fault.${fault.fault}`)}</Text>
      {fault.place === '' ? null : (
        <Text mt="xs">
          {t('evidence.place')} <code>{fault.place}</code> – {t(`evidence.placeName.${fault.place.split('/')[1] ?? ''}`)}
        </Text>
      )}
      {fault.since === undefined ? null : (
        <Text mt="xs">
          {t('evidence.keptCheckpoint', { size: format.number(fault.since.size) })} <Moment at={fault.since.at} />
        </Text>
      )}
      {cannotTell ? null : <Text mt="xs">{t('evidence.whatToDo')}</Text>}
    </VerdictBox>
  )
}

interface GoodVerdictProps {
  readonly log: FollowedLog
  /** What was verified, in one sentence. */
  readonly children: ReactNode
}

export function GoodVerdict({ log, children }: GoodVerdictProps) {
  const { t } = useTranslation()
  const format = useFormat()
  return (
    <VerdictBox verdict="good" title={t('evidence.good')}>
      <List spacing={4}>
        <List.Item>{children}</List.Item>
        <List.Item>
          {log.since === undefined ? (
            t('evidence.first')
          ) : (
            <>
              {t('evidence.grown', { size: format.number(log.since.size) })} <Moment at={log.since.at} />
            </>
          )}
        </List.Item>
        {log.followed ? <List.Item>{t('evidence.followed')}</List.Item> : null}
        <List.Item>{t(log.pinned ? 'evidence.pinned' : 'evidence.notPinned')}</List.Item>
      </List>
    </VerdictBox>
  )
}
