import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Entry } from '../../../api.ts'
import { useFormat } from '../../../i18n/format.ts'
import { decisionTones } from '../../../ui/activity.tsx'
import { Moment } from '../../../ui/moment.tsx'
import type { ListColumn } from '../../../ui/record-list/columns.ts'
import { shortened } from '../../../ui/short-id.tsx'
import { StateChip } from '../../../ui/state-chip.tsx'

/** @param names of partners, by id */
export function useAuditColumns(names: ReadonlyMap<string, string>): readonly ListColumn<Entry>[] {
  const { t } = useTranslation('ledger.audit')
  const format = useFormat()
  return useMemo(
    (): ListColumn<Entry>[] => [
      {
        name: 'type',
        label: t('what'),
        value: ({ body }) => t(`entry.${body.type.replaceAll('.', '-')}`, body.type),
        width: 210,
        phone: true,
      },
      {
        name: 'decision',
        label: t('decisionLabel'),
        value: ({ body }) => body.decision ?? null,
        cell: ({ body: { decision } }) =>
          decision === undefined ? '–' : <StateChip tone={decisionTones[decision] ?? 'neutral'}>{t(`decision.${decision}`)}</StateChip>,
        width: 130,
        phone: true,
      },
      { name: 'at', label: t('at'), value: ({ body }) => body.at, cell: ({ body }) => <Moment at={body.at} focusable={false} />, width: 150 },
      {
        name: 'partner',
        label: t('partner'),
        value: ({ body: { partner } }) => (partner === undefined ? null : (names.get(partner) ?? partner)),
        cell: ({ body: { partner } }) => (partner === undefined ? '–' : (names.get(partner) ?? <code>{shortened(partner)}</code>)),
        width: 170,
      },
      { name: 'purpose', label: t('purpose'), value: ({ body }) => body.purpose ?? null, width: 170 },
      {
        name: 'object',
        label: t('objectLabel'),
        value: ({ body: { object } }) => (object === undefined ? null : `${object.kind} ${object.id}`),
        cell: ({ body: { object } }) =>
          object === undefined ? (
            '–'
          ) : (
            <>
              {t(`object.${object.kind}`, object.kind)} <code>{shortened(object.id)}</code>
            </>
          ),
        width: 190,
      },
      {
        name: 'actor',
        label: t('actorLabel'),
        value: ({ body: { actor } }) => `${actor.kind} ${actor.id}`,
        cell: ({ body: { actor } }) => (
          <>
            {t(`actor.${actor.kind}`, actor.kind)} <code>{shortened(actor.id)}</code>
          </>
        ),
        width: 190,
      },
      {
        name: 'index',
        label: t('index'),
        value: ({ index }) => index,
        cell: ({ index }) => (index === null ? '…' : format.number(index)),
        numeric: true,
        width: 90,
      },
      { name: 'id', label: t('id'), value: ({ id }) => id, cell: ({ id }) => <code>{shortened(id)}</code>, hidden: true },
      {
        name: 'took',
        label: t('took'),
        value: ({ body }) => body.took_ms ?? null,
        cell: ({ body }) => (body.took_ms === undefined ? '–' : format.duration(body.took_ms)),
        numeric: true,
        hidden: true,
      },
    ],
    [t, format, names],
  )
}
