import { useEffect, useState } from 'react'

const shownMs = 1_500

/** Copies a text, and says for a moment that it did. */
export function useCopy(text: string): { readonly copied: boolean; readonly copy: () => void } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), shownMs)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => {
    const written = navigator.clipboard === undefined ? Promise.reject(new Error()) : navigator.clipboard.writeText(text)
    written.then(
      () => setCopied(true),
      () => setCopied(copyTheOldWay(text)),
    )
  }
  return { copied, copy }
}

/** Over plain HTTP a browser has no clipboard for scripts but this. */
function copyTheOldWay(text: string): boolean {
  const place = document.createElement('textarea')
  place.value = text
  place.className = 'sr-only'
  document.body.append(place)
  place.select()
  const done = document.execCommand('copy')
  place.remove()
  return done
}
