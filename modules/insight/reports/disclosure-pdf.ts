/**
 * The report as a PDF for people: tagged, so that it can be read aloud in order, with its title, numbered pages, the digest of
 * its content and the checkpoint of the log it rests on. The same content gives the same bytes.
 */
import { setImmediate } from 'node:timers/promises'
import type { Instant } from '@gatehouse/core/instant'
import PDFDocument from 'pdfkit'
import type { Disclosure } from './disclosure.ts'

export interface PdfReport {
  readonly from: Instant
  readonly to: Instant
  /** What the report is about, beside the period: a partner by name, a person by commitment. */
  readonly about: readonly string[]
  readonly disclosures: readonly Disclosure[]
  /** Hex SHA-256 of the content as NDJSON. */
  readonly digest: string
  /** The signed note of the log's newest checkpoint. */
  readonly checkpoint: string
}

/** Releases that are laid out before others get their turn. */
const layoutAtOnce = 25
const margin = 56
const lineGap = 1.5
const sizes = { title: 20, heading: 11, text: 9, small: 8 } as const
const colours = { text: '#111111', ids: '#555555' } as const
type Doc = PDFKit.PDFDocument

interface Line {
  readonly tag: 'H1' | 'H2' | 'P'
  readonly text: string
  readonly size: number
  readonly font?: 'Helvetica-Bold' | 'Courier'
  readonly colour?: string
}
/** Lines that stay together on a page. */
type Write = (lines: readonly Line[]) => void

export async function* disclosurePdf(report: PdfReport): AsyncGenerator<Uint8Array> {
  const doc = new PDFDocument({
    size: 'A4',
    margin,
    bufferPages: true,
    tagged: true,
    pdfVersion: '1.7',
    lang: 'en',
    displayTitle: true,
    // No name of anybody stands here: these words also go into the document's metadata. The time is that of the content.
    info: { Title: `Disclosures from ${report.from} to ${report.to}`, Author: 'Gatehouse', Creator: 'Gatehouse', CreationDate: new Date(report.to) },
  })
  const root = doc.struct('Document')
  doc.addStructure(root)
  const write: Write = (lines) => {
    const styled = (line: Line) => doc.font(line.font ?? 'Helvetica').fontSize(line.size)
    const height = lines.reduce((sum, line) => sum + styled(line).heightOfString(printable(line.text), { lineGap }), 0)
    if (doc.y + height > doc.page.height - margin) doc.addPage()
    for (const line of lines) {
      const draw = () => {
        styled(line)
          .fillColor(line.colour ?? colours.text)
          .text(printable(line.text), { lineGap })
      }
      root.add(doc.struct(line.tag, {}, draw))
    }
    doc.moveDown(0.8)
  }
  writeHead(write, report)
  for (const [index, disclosure] of report.disclosures.entries()) {
    writeDisclosure(write, disclosure)
    if (index % layoutAtOnce === layoutAtOnce - 1) await setImmediate()
  }
  writeGround(write, report)
  root.end()
  numberPages(doc)
  doc.end()
  for await (const chunk of doc as AsyncIterable<Uint8Array>) yield chunk
}

const heading = (text: string): Line => ({ tag: 'H2', text, size: sizes.heading, font: 'Helvetica-Bold' })
const said = (text: string): Line => ({ tag: 'P', text, size: sizes.text })
const ids = (text: string): Line => ({ tag: 'P', text, size: sizes.small, colour: colours.ids })
const code = (text: string): Line => ({ tag: 'P', text, size: sizes.small, font: 'Courier' })

/** `2026-11-22 09:30:00 UTC` */
const moment = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`
const disclosuresIn = (count: number): string => `${count} ${count === 1 ? 'disclosure' : 'disclosures'}`

function writeHead(write: Write, { from, to, about, disclosures }: PdfReport): void {
  write([{ tag: 'H1', text: 'What left, why and on which basis', size: sizes.title, font: 'Helvetica-Bold' }])
  write([said(`From ${moment(from)} until ${moment(to)}.`), ...about.map(said), said(`${disclosuresIn(disclosures.length)}.`)])
  const sums = new Map<string, number>()
  for (const { partner, purpose_label } of disclosures) {
    const name = `${partner.name} for ${purpose_label}`
    sums.set(name, (sums.get(name) ?? 0) + 1)
  }
  for (const [name, count] of [...sums].sort(([left], [right]) => (left < right ? -1 : 1))) write([said(`${disclosuresIn(count)} to ${name}`)])
}

const states: Readonly<Record<Disclosure['state'], string>> = {
  delivered: 'delivered',
  undelivered: 'left, and may not have arrived',
  under_way: 'left, and its arrival is not recorded yet',
}

function writeDisclosure(write: Write, disclosure: Disclosure): void {
  const { at, partner, purpose, purpose_label, record_type, bases, consents, fields, bytes, state, release, decision_id } = disclosure
  write([
    heading(`${moment(at)}  ${partner.name}`),
    said(`Purpose: ${purpose_label} (${purpose}). Records: ${record_type}.`),
    ...bases.map(({ basis, basis_label, law, policy_uid, version, rule }) =>
      said(`Basis: ${basis_label} (${basis})${law === null ? '' : `, ${law}`}. Policy: ${policy_uid}, version ${version}, rule ${rule}.`),
    ),
    said(`Fields: ${fields.map(({ name, mask }) => `${name} (${mask})`).join(', ')}.`),
    said(`Delivery: ${states[state]}${bytes === null ? '' : `, ${bytes} bytes`}.`),
    ...(consents.length === 0 ? [] : [ids(`Consents ${consents.join(', ')}`)]),
    ids(`Release ${release}`),
    ids(`Decision ${decision_id}`),
  ])
}

function writeGround(write: Write, { digest, checkpoint }: PdfReport): void {
  write([
    heading('What this rests on'),
    said('SHA-256 of the same disclosures exported as NDJSON:'),
    code(digest),
    said('The checkpoint of the log when this was made. Each decision named above is an entry of it; the verifier checks them.'),
    ...checkpoint
      .trimEnd()
      .split('\n')
      .map((line) => code(line === '' ? ' ' : line)),
  ])
}

/** Below the margin, where text flows no more: an artifact, which is not read aloud. */
function numberPages(doc: Doc): void {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page)
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination' })
    doc.font('Helvetica').fontSize(sizes.small).fillColor(colours.ids)
    doc.text(`Page ${page - start + 1} of ${count}`, margin, doc.page.height - margin / 2 - sizes.small, {
      width: doc.page.width - 2 * margin,
      align: 'right',
      lineBreak: false,
    })
    doc.endMarkedContent()
  }
}

/** What the built-in fonts of PDF can show (WinAnsi) beyond Latin-1. */
const beyondLatin1 = 'ƒ–—‘’‚“”„†‡•…€‰‹›ˆ™ŒœŠš˜ŸŽž'
const shown = (char: string): boolean => /^[\x20-\x7e\xa0-\xff]$/.test(char) || beyondLatin1.includes(char)

/** Letters that the fonts lack stand without their marks, others as a question mark. */
function printable(text: string): string {
  return Array.from(text, (char) => {
    if (shown(char)) return char
    const [plain = ''] = char.normalize('NFKD')
    return shown(plain) ? plain : '?'
  }).join('')
}
