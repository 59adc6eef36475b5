import './public-audit.css'
import { Button, FileButton, Stack, Text, Title } from '@mantine/core'
import { IconFileSearch } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { checkDropped } from '../../../ui/evidence/public-log.ts'
import { ReportView } from '../../../ui/evidence/report-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'

/** Files that somebody was handed: checked here, never sent. */
export function Files({ name, keyText }: { readonly name: string; readonly keyText: string }) {
  const { t } = useTranslation('ledger.public-audit')
  const [over, setOver] = useState(false)
  const checking = useMutation({ mutationFn: (files: readonly File[]) => checkDropped(name, keyText, files) })
  return (
    <section aria-labelledby="files">
      <Stack gap="sm">
        <Title order={2} id="files">
          {t('files.title')}
        </Title>
        <Text>{t('files.about')}</Text>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside, which the keyboard reaches */}
        <div
          className="audit-drop"
          data-over={over || undefined}
          onDragOver={(event) => {
            event.preventDefault()
            setOver(true)
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault()
            setOver(false)
            checking.mutate([...event.dataTransfer.files])
          }}
        >
          <Stack align="center" gap="xs" p="lg">
            <Text ta="center">{t('files.drop')}</Text>
            <FileButton multiple onChange={(files) => files.length > 0 && checking.mutate(files)}>
              {(props) => (
                <Button {...props} variant="default" loading={checking.isPending} leftSection={<IconFileSearch size={16} aria-hidden />}>
                  {t('files.choose')}
                </Button>
              )}
            </FileButton>
          </Stack>
        </div>
        <ProblemAlert error={checking.error} />
        {checking.data?.map((checked) => (
          <ReportView key={checked.name} name={checked.name} report={checked.report} />
        ))}
      </Stack>
    </section>
  )
}
