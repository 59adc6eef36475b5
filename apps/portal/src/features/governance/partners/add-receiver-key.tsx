import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { Form } from '../identity/form.tsx'
import { addReceiverKey, refreshPartners } from './queries.ts'
import { type KeyFault, readReceiverKey } from './read-receiver-key.ts'

export function AddReceiverKey({ partner, onClose }: { readonly partner: string; readonly onClose: () => void }) {
  const { t } = useTranslation('governance.partners')
  const [kind, setKind] = useState<'certificate' | 'jwk'>('certificate')
  const [text, setText] = useState('')
  const [label, setLabel] = useState('')
  const [fault, setFault] = useState<KeyFault | null>(null)
  const adding = useMutation({
    mutationFn: (body: Parameters<typeof addReceiverKey>[1]) => addReceiverKey(partner, body),
    onSuccess: async () => {
      await refreshPartners()
      onClose()
    },
  })
  const send = () => {
    const read = readReceiverKey(kind, text)
    if ('fault' in read) {
      // A private key must not leave this page, not even to be refused.
      if (read.fault === 'private') setText('')
      return setFault(read.fault)
    }
    setFault(null)
    adding.mutate({ ...read.key, ...(label.trim() === '' ? {} : { label }) })
  }
  return (
    <Dialog opened onClose={onClose} title={t('keys.add')} size="lg">
      <Form onSubmit={send} submit={t('keys.submit')} pending={adding.isPending} error={adding.error}>
        <SegmentedControl
          fullWidth
          aria-label={t('keys.kind')}
          value={kind}
          onChange={(value) => {
            setKind(value === 'jwk' ? 'jwk' : 'certificate')
            setFault(null)
          }}
          data={[
            { value: 'certificate', label: t('keys.kinds.certificate') },
            { value: 'jwk', label: t('keys.kinds.jwk') },
          ]}
        />
        <Textarea
          label={t(`keys.text.${kind}`)}
          description={t(`keys.textHint.${kind}`)}
          error={fault === null ? undefined : t(`keys.fault.${fault}`)}
          required
          autosize
          minRows={6}
          maxRows={14}
          maxLength={16_384}
          spellCheck={false}
          autoComplete="off"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          label={t('keys.label')}
          description={t('keys.labelHint')}
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
      </Form>
    </Dialog>
  )
}
