import { defineProblems } from '@gatehouse/core/problem'

export const ledgerProblems = defineProblems('ledger', {
  entry_too_large: {
    status: 413,
    title: 'The act would leave a larger entry than the ledger takes',
    mend: 'Do the act in smaller parts; an entry holds at most 16 KiB.',
  },
  not_integrated: {
    status: 409,
    title: 'The entry is kept, but no checkpoint covers it yet',
    mend: 'Ask again in a second: a checkpoint follows an entry within that time.',
  },
  beyond_log: {
    status: 400,
    title: 'The log has no such size',
    mend: 'Give sizes from 1 to the size of the newest checkpoint, the older one first.',
  },
  witness_refused: {
    status: 422,
    title: 'This witness cannot be asked',
    mend: 'Give the verifier key of type 0x04 that the witness prints, and an address whose host is on the allow list of the node.',
  },
  quorum_too_large: {
    status: 409,
    title: 'The quorum demands more witnesses than the log has',
    mend: 'Add a witness first, or lower the quorum.',
  },
  not_behind: {
    status: 409,
    title: 'The log is not behind the head that the store names',
    mend: 'Read ledger.standing: a successor is begun only for a log whose state is behind, and with the size that the store of heads has now.',
  },
  not_missing: {
    status: 409,
    title: 'The store of heads does not miss this log, or the database has another size',
    mend: 'Read ledger.standing: a head is adopted only where the state is missing, and with the size that the database has now.',
  },
  checkpoint_refused: {
    status: 400,
    title: 'This is not a checkpoint of this log',
    mend: "Give a note that this log once signed, whole and unchanged; compare its first line with the log's origin.",
  },
})
