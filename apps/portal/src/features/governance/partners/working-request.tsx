import { List, SegmentedControl, Select, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCan } from '../../../session.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { QueryView } from '../../../ui/query-view.tsx'
import { type PartnerWithKeys, partnerPurposesQuery } from './queries.ts'
import { languages, proofOf, type RequestLanguage, requestText } from './request-text.ts'

/** A request to copy that works for this partner once the API key and a person's id are put in. */
export function WorkingRequest({ partner }: { readonly partner: PartnerWithKeys }) {
  const can = useCan()
  const purposes = useQuery(partnerPurposesQuery(partner, can('read', 'policy')))
  return <QueryView query={purposes}>{(found) => <Shown partner={partner} {...found} />}</QueryView>
}

interface Purpose {
  readonly term: string
  readonly label: string
}

interface ShownProps {
  readonly partner: PartnerWithKeys
  readonly used: readonly Purpose[]
  readonly all: readonly Purpose[]
}

function Shown({ partner, used, all }: ShownProps) {
  const { t } = useTranslation('governance.partners')
  const [language, setLanguage] = useState<RequestLanguage>('curl')
  const offered = used.length > 0 ? used : all
  const [chosen, setPurpose] = useState<string | null>(null)
  const purpose = chosen ?? offered[0]?.term ?? ''
  const proof = proofOf(partner.keys.map(({ kind }) => kind))
  return (
    <Stack gap="md" maw={960}>
      <Text c="dimmed">{t('request.about')}</Text>
      <Select
        label={t('request.purpose')}
        description={t(used.length > 0 ? 'request.purposeUsed' : 'request.purposeAny')}
        data={offered.map(({ term, label }) => ({ value: term, label: `${label} (${term})` }))}
        value={purpose}
        onChange={setPurpose}
        searchable
        allowDeselect={false}
        maw={480}
      />
      <SegmentedControl
        aria-label={t('request.language')}
        value={language}
        onChange={(value) => setLanguage(languages.find((known) => known === value) ?? 'curl')}
        data={languages.map((value) => ({ value, label: t(`request.languages.${value}`) }))}
        maw={480}
      />
      <Copyable text={requestText(language, { origin: globalThis.location.origin, partner: partner.reference, purpose, proof })} label={t('request.tab')} />
      <section aria-labelledby="request-notes">
        <Title order={2} id="request-notes" mb="xs">
          {t('request.before')}
        </Title>
        <List spacing="xs">
          <List.Item>{t('request.note.key')}</List.Item>
          <List.Item>{t(`request.note.${proof}`)}</List.Item>
          <List.Item>{t('request.note.once')}</List.Item>
          <List.Item>{t('request.note.refused')}</List.Item>
        </List>
      </section>
    </Stack>
  )
}
