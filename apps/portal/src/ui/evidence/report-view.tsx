import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'
import type { Report } from './public-log.ts'
import { VerdictBox } from './verdict-box.tsx'

const boxes = { good: 'good', bad: 'bad', cannot_tell: 'cannot-tell' } as const
/** Checks that are listed; faults come first. */
const shownMax = 50

/** A verifier's report: the verdict in the reader's words, and below what was checked, where, in the verifier's own. */
export function ReportView({ report: { verdict, checks, story }, name }: { readonly report: Report; readonly name?: string }) {
  const { t } = useTranslation()
  const format = useFormat()
  const order = [...checks].sort((left, right) => Number(left.verdict === 'good') - Number(right.verdict === 'good'))
  return (
    <VerdictBox verdict={boxes[verdict]} title={`${name === undefined ? '' : `${name}: `}${t(`evidence.report.${verdict}`)}`}>
      <Text size="sm" mb="xs">
        {t('evidence.report.about')}
      </Text>
      <List spacing={4} lang="en">
        {order.slice(0, shownMax).map((check) => (
          <List.Item key={`${check.place} ${check.text}`} style={{ overflowWrap: 'anywhere' }}>
            {check.place === '' ? null : (
              <>
                <code>{check.place}</code>:{' '}
              </>
            )}
            {check.text}
          </List.Item>
        ))}
      </List>
      {checks.length > shownMax ? <Text mt="xs">{t('evidence.report.more', { number: format.number(checks.length - shownMax) })}</Text> : null}
      {verdict === 'good' && story.length > 0 ? (
        <details>
          <summary>{t('evidence.report.story')}</summary>
          <List spacing={4} lang="en" mt="xs">
            {story.map((line) => (
              <List.Item key={line.entry}>{line.text}</List.Item>
            ))}
          </List>
        </details>
      ) : null}
    </VerdictBox>
  )
}
