/** Faults of the linkage engine with the file that they are about. */
import { LinkageError } from '@gatehouse/linkage/model/error'
import { TokenError } from '@gatehouse/linkage/token/error'
import { TableError } from './table-error.ts'

/** @throws TableError in place of the engine's own errors, with their names */
export function about<T>(path: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof LinkageError) throw new TableError(cause.fault, path, cause.message, undefined, { cause })
    if (cause instanceof TokenError) throw new TableError(cause.code, path, cause.message, undefined, { cause })
    throw cause
  }
}
