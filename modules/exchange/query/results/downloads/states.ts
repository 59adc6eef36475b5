import { stateMachine } from '@gatehouse/core/state-machine'

export type DownloadState = 'issued' | 'spent' | 'burned' | 'delivered' | 'undelivered'
type DownloadEvent = 'redeem' | 'refuse' | 'deliver' | 'fail'

/** The words of a release of one person's data. `burned`: the token was spent, but the second look refused. */
export const downloadLife = stateMachine<DownloadState, DownloadEvent>('download of a result', 'issued', [
  { from: 'issued', on: 'redeem', to: 'spent' },
  { from: 'spent', on: 'refuse', to: 'burned' },
  { from: 'spent', on: 'deliver', to: 'delivered' },
  { from: 'spent', on: 'fail', to: 'undelivered' },
])
