import { basename, extname } from 'node:path'
import { must } from '@gatehouse/sdk/client'
import type { Command } from 'commander'
import { fetchDocument } from '../files/fetch-document.ts'
import { sizeOf } from '../files/read-text.ts'
import { sendDocument } from '../files/send-document.ts'
import { count, several } from '../terminal/output.ts'
import { act, wholeNumber } from './act.ts'
import { allPages } from './all-pages.ts'

interface PutOptions {
  readonly title?: string
  readonly source: string
  readonly person?: string
  readonly retainUntil?: string
  readonly document?: string
  readonly upload?: string
}

const scans: Readonly<Record<string, string>> = {
  pending: 'in quarantine until the scanner has found nothing in it',
  clean: 'looked through: nothing found',
  infected: 'something was found in it; it is not handed out',
  unscanned: 'not looked through: this node has no scanner',
}

export function addDocument(program: Command): void {
  const document = program.command('document').description('files: letters, pictures, results')
  document
    .command('put')
    .description('send a file; what broke goes on where it broke, also after the node was started again')
    .argument('<file>', 'any file of at most 2 GiB')
    .option('--title <text>', 'what the document is called; the name of the file where it is absent')
    .option('--source <slug>', 'where it comes from', 'upload')
    .option('--person <id>', 'whom it is about, by the id the institution knows them by')
    .option('--retain-until <time>', 'nobody deletes it before, such as 2031-01-01T00:00:00Z')
    .option('--document <id>', 'as the newest version of this document, instead of a new one')
    .option('--upload <id>', 'go on with this upload of the document, which an earlier run has begun')
    .action(
      act(async (cli, file: string, options: PutOptions) => {
        const { out } = cli
        if (options.upload !== undefined && options.document === undefined)
          throw new Error('--upload goes on with an upload of a document: name it with --document.')
        await sizeOf(file)
        const { client } = await cli.connect()
        const id = options.document ?? (await create())
        const sent = await sendDocument(cli, {
          path: file,
          document: id,
          upload: options.upload,
          show: !out.json,
          onBegun: (upload) => {
            if (!out.json) console.error(`   If this is interrupted, go on with: --document ${id} --upload ${upload}`)
          },
        })
        out.say(
          `${count(sent.bytes)} bytes are version ${sent.version} of document ${id}${sent.repeated ? ', as before' : ''}: ${scans[sent.scan] ?? sent.scan}.`,
        )
        out.result(sent)

        async function create(): Promise<string> {
          const title = options.title ?? basename(file, extname(file))
          const more = {
            ...(options.person === undefined ? {} : { user_id: options.person }),
            ...(options.retainUntil === undefined ? {} : { retain_until: options.retainUntil }),
          }
          return must(await client.POST('/v1/documents', { body: { title, source: options.source, ...more } })).id
        }
      }),
    )

  document
    .command('get')
    .description('write a version into a file; what an earlier run left half done goes on')
    .argument('<document>', 'the id of the document')
    .requiredOption('--purpose <slug>', 'what for; the ledger keeps it')
    .requiredOption('-o, --out <file>', 'the file')
    .option('--version <number>', 'which version; the newest where it is absent', wholeNumber)
    .action(
      act(async (cli, id: string, { purpose, out: to, version }: { purpose: string; out: string; version?: number }) => {
        const { client } = await cli.connect()
        const { versions } = must(await client.GET('/v1/documents/{document}', { params: { path: { document: id } } }))
        const wanted = version === undefined ? versions[0] : versions.find((one) => one.version === version)
        if (wanted === undefined) throw new Error(version === undefined ? 'The document has no file yet.' : `The document has no version ${version}.`)
        await fetchDocument(cli, { document: id, version: wanted.version, bytes: wanted.bytes, purpose, to, show: !cli.out.json })
        cli.out.say(`${to} holds version ${wanted.version}, ${count(wanted.bytes)} bytes (${wanted.media_type}; ${scans[wanted.scan] ?? wanted.scan}).`)
        cli.out.result({ file: to, document_id: id, ...wanted })
      }),
    )

  document
    .command('list')
    .description('documents, newest first')
    .option('--person <id>', 'only those about this person')
    .action(
      act(async ({ out, connect }, { person }: { person?: string }) => {
        const { client } = await connect()
        const asked = person === undefined ? {} : { user_id: person }
        const documents = await allPages((cursor) =>
          client.POST('/v1/documents/search', { body: { ...asked, limit: 200, ...(cursor === undefined ? {} : { cursor }) } }),
        )
        out.table(
          ['id', 'title', 'source', 'versions', 'newest', 'scan', ''],
          documents.map(({ id, title, source, versions: [newest, ...older], held }) => [
            id,
            title,
            source,
            newest === undefined ? 0 : older.length + 1,
            newest === undefined ? '' : `${count(newest.bytes)} bytes`,
            newest?.scan ?? '',
            held ? 'held' : '',
          ]),
        )
        out.result(documents)
      }),
    )

  document
    .command('remove')
    .description('delete a document with all its versions; refused before its retention date, and while a legal hold covers it')
    .argument('<document>', 'the id of the document')
    .action(
      act(async ({ out, connect }, id: string) => {
        const { client } = await connect()
        const gone = must(await client.DELETE('/v1/documents/{document}', { params: { path: { document: id } } }))
        out.say(`The document is gone with ${several(gone.versions, 'version')}, and its key with it.`)
        out.result(gone)
      }),
    )
}
