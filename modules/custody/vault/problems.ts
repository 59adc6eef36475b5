import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('vault', {
  mapping_invalid: {
    status: 400,
    title: 'The mapping cannot be used',
    mend: 'Each entry of "errors" names a place in the mapping and what belongs there. POST /v1/vault/propose makes one from a sample.',
  },
  header_mismatch: {
    status: 400,
    title: 'The file does not have the columns of its mapping',
    mend: 'Each entry of "errors" names a column. Map or drop every column of the file, and map none that it does not have. Nothing was imported.',
  },
  sample_empty: { status: 400, title: 'The sample has no row that can be read', mend: 'Send the file’s first lines with their header.' },
  import_running: {
    status: 409,
    title: 'This import is running',
    mend: 'Wait for it, or plan a new one. An import whose process has died can be sent again half a minute later.',
  },
  import_stopped: {
    status: 503,
    title: 'The import stopped before its end',
    mend: 'What the progress counts is kept. Send the same file again: rows that are already there are recognised and not stored twice.',
  },
  import_halted: {
    status: 409,
    title: 'Somebody stopped this import',
    mend: 'What its progress counts is kept. Send the same file again to go on: rows that are already there are recognised and not stored twice.',
  },
  verify_too_long: {
    status: 409,
    title: 'The vault has more blocks than one can wait for',
    mend: 'POST /v1/vault/verifications begins the check as a job; GET /v1/vault/verifying tells how far it is. One person’s chain is checked at once with "user_id".',
  },
  import_not_running: { status: 409, title: 'This import is not running', mend: 'Only a running import can be stopped; read its status first.' },
})
