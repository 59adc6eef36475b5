import { IconArrowsLeftRight, IconCircleOff, IconEye, IconKey, IconRuler2, IconSquare, type TablerIcon } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../../i18n/format.ts'
import type { Mask } from './document.ts'
import { familyOf, type MaskFamily, maskFamilies } from './masks.ts'
import './policies.css'

const icons: Readonly<Record<MaskFamily, TablerIcon>> = {
  kept: IconEye,
  coarser: IconRuler2,
  moved: IconArrowsLeftRight,
  replaced: IconKey,
  emptied: IconSquare,
  left_out: IconCircleOff,
}

/** A mask's name with its parameters, in the reader's words. */
export function useMaskWords(): (mask: Mask) => string {
  const { t } = useTranslation('governance.policies')
  const format = useFormat()
  return ({ mask, ...parameters }) => {
    const told = Object.entries(parameters).flatMap(([name, value]) => {
      // What is off or as usual would only be in the way.
      if (value === false || value === 0 || name === 'fill' || name === 'keep_separators' || name === 'keep_country') return []
      const words =
        value === true
          ? ''
          : Array.isArray(value)
            ? format.list(value.map(String))
            : typeof value === 'number'
              ? format.number(value)
              : t(`option.${String(value)}`, String(value))
      return [`${t(`parameter.${name}`, name)} ${words}`.trim()]
    })
    return [t(`mask.${mask}`, mask), ...told].join(' · ')
  }
}

export function MaskWords({ mask }: { readonly mask: Mask | undefined }) {
  const { t } = useTranslation('governance.policies')
  const words = useMaskWords()
  const family = familyOf(mask?.mask)
  const Icon = icons[family]
  return (
    <span className="mask" data-family={family}>
      <Icon size={14} aria-hidden />
      {mask === undefined ? t('family.left_out') : words(mask)}
    </span>
  )
}

/** What the colours and signs mean. */
export function MaskLegend() {
  const { t } = useTranslation('governance.policies')
  return (
    <ul className="nav" aria-label={t('legend')} style={{ display: 'flex', flexWrap: 'wrap', gap: '0.375rem' }}>
      {maskFamilies.map((family) => {
        const Icon = icons[family]
        return (
          <li key={family}>
            <span className="mask" data-family={family}>
              <Icon size={14} aria-hidden />
              {t(`family.${family}`)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
