import { defineProblems } from '@gatehouse/core/problem'

export const problems = defineProblems('catalog', {
  unknown_kind: { status: 400, title: 'There is no such kind of source', mend: 'GET /v1/source-kinds lists the kinds that this node knows.' },
  settings_refused: {
    status: 400,
    title: 'The settings or the secret do not fit the kind of source',
    mend: 'Each entry of "errors" names a place; GET /v1/source-kinds shows the schema of each kind.',
  },
  slug_taken: { status: 409, title: 'Another source has this slug', mend: 'Choose another one: plans name tables by it.' },
  too_many_sources: { status: 409, title: 'There are as many sources as an institution can have', mend: 'Remove one that is not used any more.' },
  unreachable: {
    status: 502,
    title: 'The source does not answer',
    mend: 'See that it runs and can be reached from the node, and that it stands on GATEHOUSE_EGRESS_ALLOW.',
  },
  slow: { status: 504, title: 'The source took too long', mend: 'Ask for less, or see what keeps it busy.' },
  refused: {
    status: 502,
    title: 'The source does not let us in, or not far enough',
    mend: 'Check the user and its rights there, then give the source a new secret.',
  },
  drifted: { status: 409, title: 'The source is not as the catalogue knows it', mend: 'Look through the source again and see what changed.' },
  bad_value: {
    status: 502,
    title: 'The source holds a value that cannot be read',
    mend: 'Mend the value there, or read the column as text (PATCH the table).',
  },
  not_installed: {
    status: 501,
    title: 'This node lacks a package for the kind of source',
    mend: 'The detail names the line that installs it; start the node again afterwards.',
  },
  unsupported: { status: 400, title: 'The source cannot do this', mend: 'The detail says what, and what else to do.' },
  not_live: { status: 409, title: 'The source is made of uploads', mend: 'There is nothing to connect to; send a file to /v1/data-sources/:source/uploads.' },
  not_for_uploads: { status: 409, title: 'The source takes no files', mend: 'Make a source of the kind "file" and send the file there.' },
  paused: { status: 409, title: 'The source is paused', mend: 'PATCH it to the state "active" first.' },
  looking: {
    status: 409,
    title: 'The source is being looked through already',
    mend: 'GET /v1/data-sources/:source/look tells how far it is; cancel it, or wait for its end.',
  },
  not_looking: { status: 409, title: 'Nobody is looking through the source', mend: 'GET /v1/data-sources/:source/look tells how the last look ended.' },
  no_secret: { status: 409, title: 'The source has no secret yet', mend: 'PUT one to /v1/data-sources/:source/secret.' },
  file_refused: {
    status: 422,
    title: 'The file cannot be read as a table',
    mend: 'Nothing was kept, and an earlier version is still there. The detail says where it broke off and how to mend it.',
  },
})
