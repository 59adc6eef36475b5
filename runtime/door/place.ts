import type { Place } from '../base/context.ts'
import type { Knock } from './operation.ts'

/** Where whoever knocks from outside stands; nowhere for jobs and the process itself. */
export function placed({ channel, source, certificateThumbprint: certificate }: Knock, by: Place['by']): { readonly place?: Place } {
  if (channel !== 'http' && channel !== 'socket') return {}
  return {
    place: { by: channel === 'socket' ? 'exchange' : by, ...(source === undefined ? {} : { source }), ...(certificate === undefined ? {} : { certificate }) },
  }
}
