import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useObjectPath } from './object-path.ts'
import { useCopy } from './use-copy.ts'

/** The last characters tell ids of one moment apart; the first are a time and would be alike. */
export function shortened(id: string): string {
  return id.length <= 12 ? id : `…${id.slice(-8)}`
}

/** An id as people bear it: its end, the whole of it on hover, and a copy on click. With `kind` it leads to the object's page. */
export function ShortId({ id, kind }: { readonly id: string; readonly kind?: string }) {
  const { t } = useTranslation()
  const { copied, copy } = useCopy(id)
  const pathTo = useObjectPath()
  const path = kind === undefined ? undefined : pathTo(kind, id)
  const Icon = copied ? IconCheck : IconCopy
  return (
    <span className="short-id">
      {path === undefined ? (
        <code data-note={id}>{shortened(id)}</code>
      ) : (
        <Link to={path} data-note={id}>
          <code>{shortened(id)}</code>
        </Link>
      )}
      <button type="button" className="copy" onClick={copy} aria-label={copied ? t('copied') : t('copyId', { id: shortened(id) })}>
        <Icon size={14} aria-hidden />
      </button>
    </span>
  )
}
