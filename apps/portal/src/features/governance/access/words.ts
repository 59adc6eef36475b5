import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'

/** Names of roles, areas and actions; what has no name in the catalogue is an institution's own and shown as it is. */
export function useWords() {
  const { t } = useTranslation('governance.access')
  const { t: common } = useTranslation()
  const format = useFormat()
  return {
    role: (name: string) => t(`role.${name}`, name),
    area: (name: string) => t(`areas.${name}`, name),
    actions: (names: readonly string[]) => format.list(names.map((name) => common(`may.${name}`, name))),
  }
}
