import { Alert, Button, Group, Radio, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Copyable } from '../../../ui/copyable.tsx'
import { Dialog } from '../../../ui/dialog.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'
import { askDownload, type Result } from './queries.ts'

/** A link that gives the result away once. The browser fetches the file by itself, so that none of it is held by the page. */
export function Download({ result, onClose }: { readonly result: Result; readonly onClose: () => void }) {
  const { t } = useTranslation('exchange.results')
  const format = useFormat()
  const [wanted, setWanted] = useState(result.formats[0] ?? 'csv')
  const asking = useMutation({ mutationFn: () => askDownload(result.project, result.id, wanted), gcTime: 0 })
  const link = asking.data
  return (
    <Dialog opened onClose={onClose} title={t('download.title')} firm={link !== undefined}>
      <Text>{t('download.about')}</Text>
      <ProblemAlert error={asking.error} />
      {link === undefined ? (
        <>
          <Radio.Group label={t('download.format')} value={wanted} onChange={(value) => setWanted(result.formats.find((one) => one === value) ?? wanted)}>
            <Stack gap="xs" mt="xs">
              {result.formats.map((one) => (
                <Radio key={one} value={one} label={t(`format.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Group justify="flex-end">
            <Button onClick={() => asking.mutate()} loading={asking.isPending}>
              {t('download.make')}
            </Button>
          </Group>
        </>
      ) : (
        <>
          <Alert variant="default">{t('download.once', { time: format.duration(link.expires_in * 1_000) })}</Alert>
          <Copyable text={new URL(link.url, globalThis.location.origin).href} label={t('download.link')} />
          <Group justify="flex-end">
            <Button component="a" href={link.url} download leftSection={<IconDownload size={16} aria-hidden />} onClick={onClose}>
              {t('download.now')}
            </Button>
          </Group>
        </>
      )}
    </Dialog>
  )
}
