import { Button, Checkbox, Group, Select, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../../ui/states.tsx'
import { readMetadata, type SamlSettings } from './queries.ts'

export const blankSaml: SamlSettings = { entry_point: '', logout_url: null, certificates: [], signed: 'either', signs_requests: false, subject_attribute: null }

const parts = ['either', 'assertion', 'response', 'both'] as const

/** One after the other in one field, as they stand in files. */
export const certificatesIn = (text: string) => text.split(/(?<=-----END CERTIFICATE-----)/).flatMap((one) => (one.trim() === '' ? [] : [one.trim()]))

interface Props {
  readonly saml: SamlSettings
  readonly onChange: (saml: SamlSettings) => void
  /** Where the provider is new: its metadata also tells what it calls itself. */
  readonly onIssuer?: (issuer: string) => void
}

export function SamlFields({ saml, onChange, onIssuer }: Props) {
  const { t } = useTranslation('administration.identity-providers')
  const [metadata, setMetadata] = useState('')
  const set = (more: Partial<SamlSettings>) => onChange({ ...saml, ...more })
  const reading = useMutation({
    mutationFn: () => readMetadata(metadata),
    onSuccess: ({ issuer, ...read }) => {
      set(read)
      onIssuer?.(issuer)
      setMetadata('')
    },
  })
  return (
    <>
      <Textarea
        label={t('saml.metadata')}
        description={t('saml.metadataHint')}
        rows={4}
        spellCheck={false}
        value={metadata}
        onChange={(event) => setMetadata(event.currentTarget.value)}
      />
      <ProblemAlert error={reading.error} />
      <Group>
        <Button variant="default" disabled={metadata.trim() === ''} loading={reading.isPending} onClick={() => reading.mutate()}>
          {t('saml.read')}
        </Button>
      </Group>
      <TextInput
        label={t('saml.entryPoint')}
        description={t('saml.entryPointHint')}
        type="url"
        required
        maxLength={500}
        spellCheck={false}
        value={saml.entry_point}
        onChange={(event) => set({ entry_point: event.currentTarget.value })}
      />
      <TextInput
        label={t('saml.logoutUrl')}
        description={t('saml.logoutUrlHint')}
        type="url"
        maxLength={500}
        spellCheck={false}
        value={saml.logout_url ?? ''}
        onChange={(event) => set({ logout_url: event.currentTarget.value === '' ? null : event.currentTarget.value })}
      />
      <Textarea
        label={t('saml.certificates')}
        description={t('saml.certificatesHint')}
        required
        rows={5}
        spellCheck={false}
        styles={{ input: { fontFamily: 'monospace' } }}
        value={saml.certificates.join('\n')}
        onChange={(event) => set({ certificates: certificatesIn(event.currentTarget.value) })}
      />
      <Select
        label={t('saml.signed')}
        description={t('saml.signedHint')}
        data={parts.map((value) => ({ value, label: t(`saml.parts.${value}`) }))}
        allowDeselect={false}
        value={saml.signed}
        onChange={(value) => set({ signed: parts.find((one) => one === value) ?? saml.signed })}
      />
      <Checkbox
        label={t('saml.signs')}
        description={t('saml.signsHint')}
        checked={saml.signs_requests}
        onChange={(event) => set({ signs_requests: event.currentTarget.checked })}
      />
      <TextInput
        label={t('saml.subject')}
        description={t('saml.subjectHint')}
        maxLength={200}
        spellCheck={false}
        value={saml.subject_attribute ?? ''}
        onChange={(event) => set({ subject_attribute: event.currentTarget.value === '' ? null : event.currentTarget.value })}
      />
    </>
  )
}
