import { Alert } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import { meaning } from '../../../theme.ts'
import type { Discovered } from './queries.ts'

/** That a source has more than the catalogue keeps of one. */
export function LeftOut({ left }: { readonly left: Discovered['left_out'] | undefined }) {
  const { t } = useTranslation('custody.sources')
  const { number } = useFormat()
  if (left === undefined || left.tables + left.columns === 0) return null
  return <Alert color={meaning.attention}>{t('changes.leftOut', { tables: number(left.tables), columns: number(left.columns) })}</Alert>
}
