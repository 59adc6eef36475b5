import { Button, NumberInput, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../../ui/dialog.tsx'
import { say } from '../../../ui/notices.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { addTarget } from './queries.ts'

export function AddTarget() {
  const { t } = useTranslation('ledger.anchors')
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
        {t('add.label')}
      </Button>
      <Dialog opened={opened} onClose={close} title={t('add.title')} size="lg">
        <AddForm onDone={close} />
      </Dialog>
    </>
  )
}

/** The certificates of a text, one after the other. */
const certificatesIn = (text: string) => text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []

function AddForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation('ledger.anchors')
  const [kind, setKind] = useState<'time_stamp' | 'evm'>('time_stamp')
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [every, setEvery] = useState<number | string>(60)
  const [roots, setRoots] = useState('')
  const [chain, setChain] = useState<number | string>('')
  const [contract, setContract] = useState('')
  const common = { name: name.trim(), every_minutes: Number(every) }
  const adding = useMutation({
    mutationFn: () =>
      addTarget(
        kind === 'evm'
          ? { ...common, kind, settings: { rpc_url: url.trim(), chain_id: Number(chain), contract: contract.trim() } }
          : { ...common, kind, settings: { url: url.trim(), roots: certificatesIn(roots) } },
      ),
    onSuccess: () => {
      void say(t('add.done'))
      onDone()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        adding.mutate()
      }}
    >
      <Stack gap="md">
        <ProblemAlert error={adding.error} />
        <SegmentedControl
          aria-label={t('add.kind')}
          data={(['time_stamp', 'evm'] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(value) => setKind(value as typeof kind)}
        />
        <Text>{t(`add.about.${kind}`)}</Text>
        <TextInput label={t('targets.name')} required maxLength={100} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput
          label={t(`add.url.${kind}`)}
          description={t('add.urlAbout')}
          type="url"
          required
          maxLength={500}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        {kind === 'evm' ? (
          <>
            <NumberInput label={t('add.chain')} required min={1} allowDecimal={false} allowNegative={false} hideControls value={chain} onChange={setChain} />
            <TextInput
              label={t('add.contract')}
              description={t('add.contractAbout')}
              required
              maxLength={42}
              spellCheck={false}
              value={contract}
              onChange={(event) => setContract(event.currentTarget.value)}
            />
          </>
        ) : (
          <Textarea
            label={t('add.roots')}
            description={t('add.rootsAbout')}
            required
            autosize
            minRows={3}
            maxRows={8}
            maxLength={200_000}
            spellCheck={false}
            value={roots}
            error={roots.trim() !== '' && certificatesIn(roots).length === 0 ? t('add.noCertificate') : undefined}
            onChange={(event) => setRoots(event.currentTarget.value)}
          />
        )}
        <NumberInput label={t('add.every')} required min={1} max={10_080} allowDecimal={false} allowNegative={false} value={every} onChange={setEvery} />
        <Button type="submit" loading={adding.isPending}>
          {t('add.submit')}
        </Button>
      </Stack>
    </form>
  )
}
