/** For somebody outside, without an account: does this proof of a consent hold, and what does it say? The file never leaves the page. */
import { List, Stack, Text, Textarea, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { DropFiles } from '../../../ui/evidence/drop-files.tsx'
import { ReportView } from '../../../ui/evidence/report-view.tsx'
import { Facts } from '../../../ui/facts.tsx'
import { PublicPage } from '../../../ui/public-page.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { type CheckedProof, checkProofFiles } from './check.ts'

export function VerifyProof() {
  const { t } = useTranslation('ledger.consent-proof')
  const [key, setKey] = useState('')
  const checking = useMutation({ mutationFn: (files: readonly File[]) => checkProofFiles(files, key) })
  return (
    <PublicPage title={t('title')} about={t('about')}>
      <Stack gap="sm">
        <Textarea
          label={t('key')}
          description={t('keyAbout')}
          value={key}
          autosize
          minRows={2}
          spellCheck={false}
          onChange={(event) => {
            setKey(event.currentTarget.value)
            // A verdict stands for the key that it was found with.
            checking.reset()
          }}
        />
        <DropFiles invitation={t('drop')} choose={t('choose')} busy={checking.isPending} onFiles={checking.mutate} />
        <ProblemAlert error={checking.error} />
        {checking.data?.map((checked) => (
          <Checked key={checked.name} checked={checked} />
        ))}
      </Stack>
      <section aria-labelledby="limits">
        <Title order={2} id="limits" mb="xs">
          {t('limits.title')}
        </Title>
        <List spacing={6}>
          <List.Item>{t('limits.who')}</List.Item>
          <List.Item>{t('limits.when')}</List.Item>
          <List.Item>{t('limits.request')}</List.Item>
          <List.Item>{t('limits.once')}</List.Item>
          <List.Item>{t('limits.page')}</List.Item>
        </List>
      </section>
    </PublicPage>
  )
}

function Checked({ checked: { name, report, finding } }: { readonly checked: CheckedProof }) {
  const { t } = useTranslation('ledger.consent-proof')
  const format = useFormat()
  return (
    <>
      <ReportView name={name} report={report} />
      {report.verdict !== 'good' || finding === undefined ? null : (
        <section aria-label={t('said.title')}>
          <Text mb="sm">{t('said.sentence', { members: format.number(finding.members), grantee: finding.grantee, scope: finding.scope })}</Text>
          <Facts
            facts={[
              { label: t('said.grantee'), value: finding.grantee },
              { label: t('said.scope'), value: finding.scope },
              { label: t('said.expiry'), value: finding.expiry === 'none' ? t('said.noExpiry') : finding.expiry },
              { label: t('said.time'), value: <time dateTime={finding.time}>{finding.time}</time> },
              { label: t('said.verifier'), value: finding.verifier },
              { label: t('said.requestHash'), value: <Digits text={finding.requestHash} /> },
              { label: t('said.nullifier'), value: <Digits text={finding.nullifier} /> },
              { label: t('said.log'), value: <Digits text={finding.origin} /> },
            ]}
          />
        </section>
      )}
    </>
  )
}

function Digits({ text }: { readonly text: string }) {
  return <code style={{ overflowWrap: 'anywhere' }}>{text}</code>
}
