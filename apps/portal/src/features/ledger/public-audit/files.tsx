import { Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DropFiles } from '../../../ui/evidence/drop-files.tsx'
import { checkDropped } from '../../../ui/evidence/public-log.ts'
import { ReportView } from '../../../ui/evidence/report-view.tsx'
import { ProblemAlert } from '../../../ui/states.tsx'

/** Files that somebody was handed: checked here, never sent. */
export function Files({ name, keyText, credential }: { readonly name: string; readonly keyText: string; readonly credential: string | undefined }) {
  const { t } = useTranslation('ledger.public-audit')
  const checking = useMutation({ mutationFn: (files: readonly File[]) => checkDropped(name, keyText, files, credential) })
  return (
    <section aria-labelledby="files">
      <Stack gap="sm">
        <Title order={2} id="files">
          {t('files.title')}
        </Title>
        <Text>{t('files.about')}</Text>
        <DropFiles invitation={t('files.drop')} choose={t('files.choose')} busy={checking.isPending} onFiles={checking.mutate} />
        <ProblemAlert error={checking.error} />
        {checking.data?.map((checked) => (
          <ReportView key={checked.name} name={checked.name} report={checked.report} />
        ))}
      </Stack>
    </section>
  )
}
