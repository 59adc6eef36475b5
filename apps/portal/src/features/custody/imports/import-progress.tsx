import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { Progress } from '../../../ui/progress.tsx'
import type { Upload } from '../../../uploads.ts'
import type { Import } from './queries.ts'

/** What the node has stored of a file, and, where it comes from this browser, how much of it has left. */
export function ImportProgress({ shown, upload }: { readonly shown: Import; readonly upload: Upload | undefined }) {
  const { t } = useTranslation('custody.imports')
  const format = useFormat()
  const { read, rejected, bytes } = shown.progress
  const rows = t('progress.rows', { count: read, rows: format.number(read), rejected: format.number(rejected) })
  return (
    <>
      {upload === undefined ? null : <Progress label={t('progress.sending')} done={upload.sent} of={upload.size} amount={format.bytes} />}
      <Progress label={t('progress.storing')} done={bytes} of={upload?.size} now={rows} amount={format.bytes} />
    </>
  )
}
