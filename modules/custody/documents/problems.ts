import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('documents', {
  quarantined: {
    status: 409,
    title: 'The file is in quarantine',
    mend: 'It is handed out once the scanner has found nothing in it. If it stays here, see that the scanner runs.',
  },
  infected: { status: 409, title: 'The scanner found something in this file', mend: 'It is never handed out. Send a clean version, and delete this document.' },
  unreadable: {
    status: 410,
    title: 'The file cannot be read any more',
    mend: 'Its key or its bytes are gone, or do not belong together. If nobody was erased, look for a restored backup or a changed object store.',
  },
  digest_mismatch: { status: 400, title: 'What arrived is not what was announced', mend: 'Nothing was kept. Send the file again.' },
  retained: { status: 409, title: 'The document must still be kept', mend: 'It can be deleted after its retention date.' },
  held: {
    status: 409,
    title: 'A legal hold forbids to delete the document',
    mend: 'GET /v1/holds lists what is held and why. Two people lift a hold; then ask again.',
  },
  offset_mismatch: { status: 409, title: 'These are not the next bytes of the file', mend: 'Go on from "received"; GET the upload tells it too.' },
  upload_incomplete: { status: 409, title: 'The file is not there yet', mend: 'Send the bytes from "received" on, then finish the upload.' },
  upload_finished: { status: 409, title: 'The upload has become a version already', mend: 'Begin another one for another file.' },
  too_many_uploads: { status: 409, title: 'Too many uploads of this document are under way', mend: 'Finish or cancel some; after a week they are forgotten.' },
  range_unsatisfiable: { status: 416, title: 'The file has no such bytes', mend: 'Ask for bytes within its length, or for the whole file.' },
  too_many_versions: { status: 409, title: 'The document has as many versions as it can have', mend: 'Make a new document.' },
})
