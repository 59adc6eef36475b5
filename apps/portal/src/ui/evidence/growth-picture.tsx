import './evidence.css'
import { Text } from '@mantine/core'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format.ts'

interface GrowthPictureProps {
  readonly from: number
  readonly to: number
  /** Base64, from the proof. */
  readonly proof: readonly string[]
}

/** The smaller log inside the larger one, and below the hashes that join them. */
export function GrowthPicture({ from, to, proof }: GrowthPictureProps) {
  const { t } = useTranslation()
  const format = useFormat()
  const about = useId()
  const numbers = { from: format.number(from), added: format.number(to - from), to: format.number(to) }
  return (
    <figure className="growth" aria-labelledby={about}>
      <figcaption id={about}>{t('evidence.growth.title', numbers)}</figcaption>
      <div className="growth-bar" aria-hidden>
        <div data-part="before" style={{ flexGrow: Math.max(from, to / 12) }}>
          {t('evidence.growth.before', numbers)}
        </div>
        <div data-part="added" style={{ flexGrow: Math.max(to - from, to / 12) }}>
          {t('evidence.growth.added', numbers)}
        </div>
      </div>
      {proof.length === 0 ? null : (
        <details>
          <summary>{t('evidence.growth.hashes')}</summary>
          <ol>
            {proof.map((hash) => (
              <li key={hash}>
                <Text component="code" size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {hash}
                </Text>
              </li>
            ))}
          </ol>
        </details>
      )}
    </figure>
  )
}
