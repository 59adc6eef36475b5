/**
 * Every card of a home, in the order in which they stand. A home is the cards of one's roles; a new one is a component in
 * `cards/`, or in the feature it tells of, and a row here.
 */
import type { ComponentType } from 'react'
import type { Session } from '../../api.ts'
import { isOpenTo, type Needed } from '../../rights.ts'

export interface HomeCard {
  readonly name: string
  /** Whose home shows it; everybody's who has the right, where none are named. */
  readonly roles?: readonly string[]
  readonly needed: Needed
  /** Takes the whole width where there are two columns. */
  readonly wide?: true
  /** Catalogues beside `home.cards` that the card speaks with. */
  readonly words?: readonly string[]
  readonly load: () => Promise<ComponentType>
}

const cards: readonly HomeCard[] = [
  {
    name: 'runs',
    needed: { action: 'create', on: 'query_run' },
    words: ['exchange.runs'],
    load: async () => (await import('../exchange/runs/card.tsx')).RunsCard,
  },
  {
    name: 'results',
    needed: { action: 'export', on: 'query_result' },
    words: ['exchange.results'],
    load: async () => (await import('../exchange/results/card.tsx')).ResultsCard,
  },
  {
    name: 'approvals',
    roles: ['officer'],
    needed: { action: 'read', on: 'approval' },
    load: async () => (await import('./cards/approvals.tsx')).ApprovalsCard,
  },
  {
    name: 'alerts',
    roles: ['officer', 'administrator'],
    needed: { action: 'read', on: 'alert' },
    load: async () => (await import('./cards/alerts.tsx')).AlertsCard,
  },
  {
    name: 'today',
    roles: ['officer'],
    needed: { action: 'read', on: 'pattern' },
    wide: true,
    load: async () => (await import('./cards/today.tsx')).TodayCard,
  },
  {
    name: 'ledger',
    roles: ['auditor'],
    needed: { action: 'read', on: 'ledger' },
    load: async () => (await import('./cards/ledger.tsx')).LedgerCard,
  },
  {
    name: 'proofs',
    roles: ['auditor'],
    needed: { action: 'use', on: 'vault' },
    load: async () => (await import('./cards/proofs.tsx')).ProofsCard,
  },
  {
    name: 'changes',
    roles: ['auditor'],
    needed: { action: 'read', on: 'ledger_entry', everybodys: true },
    wide: true,
    load: async () => (await import('./cards/changes.tsx')).ChangesCard,
  },
  {
    name: 'health',
    roles: ['administrator'],
    needed: { action: 'read', on: 'health' },
    words: ['administration.health'],
    load: async () => (await import('./cards/health.tsx')).HealthCard,
  },
  {
    name: 'keys',
    roles: ['administrator'],
    needed: { action: 'use', on: 'vault' },
    load: async () => (await import('./cards/keys.tsx')).KeysCard,
  },
  {
    name: 'jobs',
    roles: ['administrator'],
    needed: { action: 'read', on: 'import' },
    words: ['custody.imports'],
    load: async () => (await import('./cards/jobs.tsx')).JobsCard,
  },
  {
    name: 'letters',
    roles: ['administrator'],
    needed: { action: 'read', on: 'alert' },
    load: async () => (await import('./cards/letters.tsx')).LettersCard,
  },
  {
    name: 'webhooks',
    roles: ['administrator', 'engineer'],
    needed: { action: 'read', on: 'webhook' },
    words: ['exchange.webhooks'],
    load: async () => (await import('./cards/webhooks.tsx')).WebhooksCard,
  },
  {
    name: 'calls',
    roles: ['engineer'],
    needed: { action: 'read', on: 'release' },
    words: ['governance.partners'],
    load: async () => (await import('./cards/calls.tsx')).CallsCard,
  },
  {
    name: 'connect',
    roles: ['engineer'],
    needed: { action: 'read', on: 'partner' },
    wide: true,
    words: ['governance.partners'],
    load: async () => (await import('./cards/connect.tsx')).ConnectCard,
  },
]

export function cardsFor(session: Session): HomeCard[] {
  return cards.filter(({ roles, needed }) => (roles?.some((role) => session.roles.includes(role)) ?? true) && isOpenTo(session, needed))
}
