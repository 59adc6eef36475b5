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
const sizes = { title: 20, heading: 11, text: 9, small: 8 } as const
type Doc = PDFKit.PDFDocument
type Tag = 'H1' | 'H2' | 'P'
type Write = (tag: Tag, text: string, size: number, font?: 'Helvetica' | 'Helvetica-Bold' | 'Courier') => void

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
  const write: Write = (tag, text, size, font = 'Helvetica') => {
    const draw = () => {
      doc.font(font).fontSize(size).text(printable(text))
    }
    root.add(doc.struct(tag, {}, draw))
  }
  writeHead(doc, write, report)
  for (const [index, disclosure] of report.disclosures.entries()) {
    writeDisclosure(doc, write, disclosure)
    if (index % layoutAtOnce === layoutAtOnce - 1) await setImmediate()
  }
  writeGround(doc, write, report)
  root.end()
  numberPages(doc)
  doc.end()
  for await (const chunk of doc as AsyncIterable<Uint8Array>) yield chunk
}

function writeHead(doc: Doc, write: Write, { from, to, about, disclosures }: PdfReport): void {
  write('H1', 'What left, why and on which basis', sizes.title, 'Helvetica-Bold')
  doc.moveDown(0.5)
  write('P', `From ${from} to ${to} (excluded), all times in UTC.`, sizes.text)
  for (const line of about) write('P', line, sizes.text)
  write('P', `${disclosures.length} ${disclosures.length === 1 ? 'disclosure' : 'disclosures'}.`, sizes.text)
  const sums = new Map<string, number>()
  for (const { partner, purpose_label } of disclosures) {
    const name = `${partner.name} for ${purpose_label}`
    sums.set(name, (sums.get(name) ?? 0) + 1)
  }
  for (const [name, count] of [...sums].sort(([left], [right]) => (left < right ? -1 : 1))) write('P', `${count} to ${name}`, sizes.text)
  doc.moveDown()
}

const states: Readonly<Record<Disclosure['state'], string>> = {
  delivered: 'delivered',
  undelivered: 'left, and may not have arrived',
  under_way: 'left, and its arrival is not recorded yet',
}

function writeDisclosure(doc: Doc, write: Write, disclosure: Disclosure): void {
  const { at, partner, purpose, purpose_label, record_type, bases, consents, fields, bytes, state, release, decision_id } = disclosure
  // A heading does not stay alone at the foot of a page.
  if (doc.y > doc.page.height - margin - 60) doc.addPage()
  write('H2', `${at}  ${partner.name}`, sizes.heading, 'Helvetica-Bold')
  write('P', `Purpose: ${purpose_label} (${purpose}). Records: ${record_type}.`, sizes.text)
  for (const { basis, basis_label, law, policy_uid, version, rule } of bases) {
    write('P', `Basis: ${basis_label} (${basis})${law === null ? '' : `, ${law}`}. Policy: ${policy_uid}, version ${version}, rule ${rule}.`, sizes.text)
  }
  if (consents.length > 0) write('P', `Consents: ${consents.join(', ')}`, sizes.text)
  write('P', `Fields: ${fields.map(({ name, mask }) => `${name} (${mask})`).join(', ')}`, sizes.text)
  write('P', `Delivery: ${states[state]}${bytes === null ? '' : `, ${bytes} bytes`}. Release ${release}, decision ${decision_id}.`, sizes.text)
  doc.moveDown(0.7)
}

function writeGround(doc: Doc, write: Write, { digest, checkpoint }: PdfReport): void {
  if (doc.y > doc.page.height - margin - 160) doc.addPage()
  write('H2', 'What this rests on', sizes.heading, 'Helvetica-Bold')
  write('P', 'SHA-256 of the same disclosures exported as NDJSON:', sizes.text)
  write('P', digest, sizes.small, 'Courier')
  write('P', 'The checkpoint of the log when this was made. Each decision named above is an entry of it; the verifier checks them.', sizes.text)
  for (const line of checkpoint.trimEnd().split('\n')) write('P', line === '' ? ' ' : line, sizes.small, 'Courier')
}

/** Below the margin, where text flows no more: an artifact, which is not read aloud. */
function numberPages(doc: Doc): void {
  const { start, count } = doc.bufferedPageRange()
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page)
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination' })
    doc.font('Helvetica').fontSize(sizes.small)
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
