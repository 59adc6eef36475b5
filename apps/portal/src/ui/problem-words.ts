import { useTranslation } from 'react-i18next'
import { GatehouseError, NodeAway } from '../api.ts'
import type { Fault } from './json/document.ts'

/** A problem in the reader's language, found by its type and reason; one that the catalogue does not know, in the node's English. */
export function useProblemWords(): (error: Error) => string {
  const { t, i18n } = useTranslation()
  const faultsIn = useFaults()
  return (error) => {
    if (error instanceof NodeAway) return t('away.about')
    if (!(error instanceof GatehouseError)) return t('broken.about')
    const { type, title, detail, reason, said } = error.problem
    const kind = `problem.${type.split('/').at(-1) ?? ''}`
    const key = [`${kind}_${reason}`, kind].find((known) => i18n.exists(known))
    const words = key === undefined ? (detail ?? title) : t(key)
    return [
      words,
      ...(said === undefined ? [] : [i18n.t(`custody.sources:said.${said.code}`, { ...said.params, defaultValue: detail ?? '' })]),
      ...faultsIn(error).map((fault) => `${fault.pointer}: ${fault.detail}`),
    ].join(' ')
  }
}

/** What a problem says of places in what was sent, in the reader's language where the sentence has one. */
export function useFaults(): (error: Error | null) => readonly Fault[] {
  const { i18n } = useTranslation()
  return (error) =>
    (error instanceof GatehouseError ? (error.problem.errors ?? []) : []).map(({ pointer, detail, said }) => ({
      pointer,
      detail: said === undefined ? detail : i18n.t([`fault.${said.code}`, `exchange.plans:fault.${said.code}`], { ...said.params, defaultValue: detail }),
    }))
}
