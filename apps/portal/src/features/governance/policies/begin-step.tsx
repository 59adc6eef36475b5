import { Autocomplete, Button, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { QueryView } from '../../../ui/query-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { slugOf } from '../purposes/tree.ts'
import { type Beginning, fillTemplate, receiversQuery, recordTypesQuery, type Template, templatesQuery } from './queries.ts'

/** What a rule is about before anybody has described it. */
const unknownFields: Beginning['fields'] = [{ name: 'full_name', type: 'string', sensitivity: 'direct_identifier' }]

/** The first step: what the policy is for, who receives, and from which records; the node makes a whole document of it. */
export function BeginStep({ onBegin }: { readonly onBegin: (document: unknown) => void }) {
  const { t } = useTranslation('governance.policies')
  const templates = useQuery(templatesQuery)
  const partners = useQuery(receiversQuery)
  const types = useQuery(recordTypesQuery)
  const [template, choose] = useState<Template | undefined>(undefined)
  const [title, setTitle] = useState<string | undefined>(undefined)
  const [uid, setUid] = useState<string | undefined>(undefined)
  const [partner, setPartner] = useState('')
  const [recordType, setRecordType] = useState('')
  const name = title ?? template?.title ?? ''
  const slug = uid ?? slugOf(name).replaceAll('_', '-')
  const filling = useMutation({
    mutationFn: async (chosen: Template) => {
      const known = types.data?.find(({ record_type }) => record_type === recordType)?.fields
      const fields = known?.map(({ name, type, sensitivity }) => ({ name, type, sensitivity })) ?? unknownFields
      const document = await fillTemplate({ template: chosen.template, uid: slug, partner, record_type: recordType, fields })
      return { ...(document as object), title: name }
    },
    onSuccess: onBegin,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (template !== undefined) filling.mutate(template)
      }}
    >
      <Stack gap="md">
        <Title order={2}>{t('begin.template')}</Title>
        <QueryView query={templates}>
          {(all) => (
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" role="radiogroup" aria-label={t('begin.template')}>
              {all.map((one) => (
                // biome-ignore lint/a11y/useSemanticElements: a card of several lines, which an input cannot hold
                <button
                  key={one.template}
                  type="button"
                  role="radio"
                  aria-checked={one.template === template?.template}
                  className="choice"
                  onClick={() => choose(one)}
                >
                  <Text fw={600}>{t(`template.${one.template}.title`, one.title)}</Text>
                  <Text size="sm">{t(`template.${one.template}.about`, one.description)}</Text>
                </button>
              ))}
            </SimpleGrid>
          )}
        </QueryView>
        <Title order={2}>{t('begin.whom')}</Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Autocomplete
            label={t('assignee')}
            description={t('assigneeHint')}
            data={partners.data?.map(({ reference }) => reference) ?? []}
            value={partner}
            onChange={setPartner}
            required
          />
          <Autocomplete
            label={t('recordType')}
            description={t('recordTypeHint')}
            data={types.data?.map(({ record_type }) => record_type) ?? []}
            value={recordType}
            onChange={setRecordType}
            required
          />
          <TextInput
            label={t('name')}
            description={t('nameHint')}
            value={name}
            onChange={(event) => setTitle(event.currentTarget.value)}
            required
            maxLength={200}
          />
          <TextInput label={t('uid')} description={t('uidHint')} value={slug} onChange={(event) => setUid(event.currentTarget.value)} required maxLength={63} />
        </SimpleGrid>
        <ProblemAlert error={filling.error} />
        <Group>
          <Button type="submit" loading={filling.isPending} disabled={template === undefined}>
            {t('begin.go')}
          </Button>
          {template === undefined ? (
            <Text size="sm" c="dimmed">
              {t('begin.choose')}
            </Text>
          ) : null}
        </Group>
      </Stack>
    </form>
  )
}
