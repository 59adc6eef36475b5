import { Stack, Text } from '@mantine/core'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { comparable, diffLines } from './diff-lines.ts'
import './diff.css'

interface DiffProps {
  readonly label: string
  /** Texts, or documents that are compared as JSON whatever the order of their names. */
  readonly before: unknown
  readonly after: unknown
}

const signs = { same: ' ', added: '+', removed: '−' } as const

/** What was taken away and what was added, line by line. */
export function Diff({ label, before, after }: DiffProps) {
  const { t } = useTranslation()
  const lines = useMemo(() => diffLines(comparable(before), comparable(after)), [before, after])
  const added = lines.filter(({ kind }) => kind === 'added').length
  const removed = lines.filter(({ kind }) => kind === 'removed').length
  if (added + removed === 0) return <Text c="dimmed">{t('diff.same')}</Text>
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('diff.counts', { added, removed })}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be within reach of the keyboard */}
      <section className="diff" tabIndex={0} aria-label={label}>
        <table>
          <thead className="sr-only">
            <tr>
              <th scope="col">{t('diff.before')}</th>
              <th scope="col">{t('diff.after')}</th>
              <th scope="col">{label}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={`${String(line.before)} ${String(line.after)}`} data-kind={line.kind}>
                <td>{line.before}</td>
                <td>{line.after}</td>
                <td>
                  <span aria-hidden>{signs[line.kind]} </span>
                  {line.kind === 'same' ? null : <span className="sr-only">{t(`diff.${line.kind}`)}: </span>}
                  {line.text}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Stack>
  )
}
