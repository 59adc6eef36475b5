/** How pieces of time are called below a chart. Days are those of UTC, for so the node counts them; hours are the reader's own. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Grain } from './period.ts'

export function useAxis(): (at: string, grain: Grain) => string {
  const { i18n } = useTranslation()
  return useMemo(() => {
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(i18n.language, options)
    const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    const formats = {
      minute: format(time),
      hour: format({ day: 'numeric', month: 'short', ...time }),
      day: format({ day: 'numeric', month: 'short', timeZone: 'UTC' }),
    }
    return (at, grain) => formats[grain].format(new Date(at))
  }, [i18n.language])
}
