import { Alert, Radio, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meaning } from '../../../theme.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { say } from '../../../ui/notices.tsx'
import { Form } from '../../governance/identity/form.tsx'
import { askReidentification, type Result } from './queries.ts'

/** As the node takes them. */
const [reasonMin, reasonMax, askedMax] = [10, 500, 200]

/** Asks who stands behind tokens. Another has to ask for the same, and everybody who is named is told of it by the ledger. */
export function Reidentification({ result, onClose }: { readonly result: Result; readonly onClose: () => void }) {
  const { t } = useTranslation('exchange.results')
  const [reason, setReason] = useState('')
  const [whom, setWhom] = useState<'tokens' | 'all'>('tokens')
  const [tokens, setTokens] = useState('')
  const named = tokens.split(/\s+/).filter((token) => token !== '')
  const asking = useMutation({
    mutationFn: () =>
      askReidentification(result.project, result.id, {
        reason,
        tokens: whom === 'tokens' ? named : [],
        rows: whom === 'all' ? Array.from({ length: result.rows }, (_, row) => row) : [],
      }),
    onSuccess: () => {
      void say(t('reidentify.asked'))
      onClose()
    },
  })
  return (
    <Dialog opened onClose={onClose} title={t('reidentify.open')} size="lg">
      <Alert color={meaning.attention}>{t('reidentify.about')}</Alert>
      <Form
        onSubmit={() => asking.mutate()}
        submit={t('reidentify.submit')}
        pending={asking.isPending}
        error={asking.error}
        disabled={reason.trim().length < reasonMin || (whom === 'tokens' && (named.length === 0 || named.length > askedMax))}
      >
        <Textarea
          label={t('reidentify.reason')}
          description={t('reidentify.reasonHint')}
          required
          autosize
          minRows={2}
          minLength={reasonMin}
          maxLength={reasonMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-autofocus
        />
        <Radio.Group label={t('reidentify.whom')} value={whom} onChange={(value) => setWhom(value === 'all' ? 'all' : 'tokens')}>
          <Stack gap="xs" mt="xs">
            <Radio value="tokens" label={t('reidentify.tokens')} />
            <Radio value="all" label={t('reidentify.all')} disabled={result.rows > askedMax} />
          </Stack>
        </Radio.Group>
        {whom === 'tokens' ? (
          <Textarea
            label={t('reidentify.list')}
            autosize
            minRows={3}
            maxRows={10}
            value={tokens}
            onChange={(event) => setTokens(event.currentTarget.value)}
            spellCheck={false}
          />
        ) : null}
        <Text size="sm" c="dimmed">
          {t('reidentify.after')}
        </Text>
      </Form>
    </Dialog>
  )
}
