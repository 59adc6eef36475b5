import { useTranslation } from 'react-i18next'

/** How far two values agree, in the reader's language. A level that has a number in it comes as it is. */
export function useLevelName(): (level: string) => string {
  const { t } = useTranslation('exchange.linkage')
  return (level) => t(`levelName.${level.replaceAll(' ', '_')}`, level)
}
